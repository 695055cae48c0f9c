// The device and its primary context.
#include "emulator.h"

#include <cstring>

namespace
{
int s_retained;
uintptr_t s_generation = 0xC0DE;
thread_local void* t_current;

// Another one each time, so that a thread does not go on with one that is gone.
void* primary() { return (void*)s_generation; }

// The context goes, and everything in it.
void end_context()
{
    s_retained = 0;
    s_generation++;
    emu::stick(OK);
    emu::forget_streams();
    emu::forget_handles();
    emu::forget_memory();
}
}

namespace emu
{
bool has_context() { return s_retained > 0 && t_current == primary(); }

void forget_context() { end_context(); }
}

API CUresult cuInit(unsigned flags)
{
    ENTER(true);
    return flags == 0 ? OK : INVALID_VALUE;
}

API CUresult cuDriverGetVersion(int* version)
{
    ENTER(true);
    if (version == nullptr) { return INVALID_VALUE; }
    *version = EMULATED_CUDA;
    return OK;
}

API CUresult cuDeviceGetCount(int* count)
{
    ENTER(true);
    if (count == nullptr) { return INVALID_VALUE; }
    *count = 1;
    return OK;
}

API CUresult cuDeviceGet(CUdevice* device, int ordinal)
{
    ENTER(true);
    if (device == nullptr) { return INVALID_VALUE; }
    *device = 0;
    return ordinal == 0 ? OK : INVALID_DEVICE;
}

API CUresult cuDeviceGetName(char* name, int length, CUdevice device)
{
    ENTER(true);
    if (device != 0) { return INVALID_DEVICE; }
    if (name == nullptr || length < 1) { return INVALID_VALUE; }
    strncpy(name, "Emulated device", length);
    name[length - 1] = 0;
    return OK;
}

API CUresult cuDeviceGetAttribute(int* value, int attribute, CUdevice device)
{
    ENTER(true);
    if (value == nullptr) { return INVALID_VALUE; }
    if (device != 0) { return INVALID_DEVICE; }
    switch (attribute)
    {
        case 1: *value = 1024; return OK;
        case 8: *value = 48 << 10; return OK;
        case 10: *value = 32; return OK;
        case 13: *value = 1000000; return OK;
        case 16: *value = 4; return OK;
        case 36: *value = 1000000; return OK;
        case 37: *value = 256; return OK;
        case 38: *value = 4 << 20; return OK;
        case 75: *value = 8; return OK;
        case 76: *value = 0; return OK;
        case 81: *value = 164 << 10; return OK;
        case 97: *value = 163 << 10; return OK;
        default: return INVALID_VALUE;
    }
}

API CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device)
{
    ENTER(true);
    if (bytes == nullptr) { return INVALID_VALUE; }
    *bytes = (size_t)16 << 30;
    return device == 0 ? OK : INVALID_DEVICE;
}

API CUresult cuDevicePrimaryCtxRetain(void** context, CUdevice device)
{
    ENTER(true);
    if (context == nullptr) { return INVALID_VALUE; }
    if (device != 0) { return INVALID_DEVICE; }
    s_retained++;
    *context = primary();
    return OK;
}

API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device)
{
    ENTER(true);
    if (device != 0) { return INVALID_DEVICE; }
    if (s_retained == 0) { return INVALID_CONTEXT; }
    if (--s_retained > 0) { return OK; }
    int count;
    std::string kinds = emu::live(&count);
    if (count > 0 && emu::sticky() == OK) // After a lasting error nothing can be freed.
    {
        emu::violation("alive when the context went: " + kinds);
    }
    emu::check_canaries();
    end_context();
    return OK;
}

API CUresult cuCtxSetCurrent(void* context)
{
    ENTER(true);
    if (context != nullptr && (context != primary() || s_retained == 0)) { return INVALID_CONTEXT; }
    t_current = context;
    return OK;
}

API CUresult cuCtxGetCurrent(void** context)
{
    ENTER(true);
    if (context == nullptr) { return INVALID_VALUE; }
    *context = t_current;
    return OK;
}
