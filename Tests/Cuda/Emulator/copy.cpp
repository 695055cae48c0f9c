// Copies and fills. From pageable memory they read at the call, from page-locked memory when their turn comes, so that a buffer that is
// used again too soon shows.
#include "emulator.h"

#include <cstring>

namespace
{
// What a copy meets whose memory is gone when its turn comes.
CUresult gone(CUdeviceptr address)
{
    emu::violation("a copy used: " + emu::describe(address));
    return emu::stick(ILLEGAL_ADDRESS);
}

// A recorded copy keeps nothing: its graph may outlive the memory as long as nobody launches it.
emu::Use use(const void* host, void* stream) { return emu::is_recording(stream) ? nullptr : emu::use_pinned(host); }

template <typename Value>
CUresult fill(CUdeviceptr to, Value value, size_t count, void* stream)
{
    size_t bytes = count * sizeof(Value);
    if (to % sizeof(Value) != 0 || bytes / sizeof(Value) != count || !emu::in_device(to, bytes)) { return INVALID_VALUE; }
    return emu::enqueue(stream, [=] {
        if (!emu::in_device(to, bytes)) { return gone(to); }
        std::fill_n((Value*)to, count, value);
        return OK;
    });
}
}

API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, void* stream)
{
    ENTER();
    if (from == nullptr || !emu::in_device(to, bytes) || emu::was_device((CUdeviceptr)from)) { return INVALID_VALUE; }
    if (emu::in_pinned(from, bytes))
    {
        return emu::enqueue(stream, [=, keep = use(from, stream)] {
            if (!emu::in_device(to, bytes)) { return gone(to); }
            if (!emu::in_pinned(from, bytes)) { return gone((CUdeviceptr)from); }
            memcpy((void*)to, from, bytes);
            return OK;
        });
    }
    if (emu::is_recording(stream))
    {
        emu::violation("a copy from pageable memory is recorded: its graph would read the memory at every launch");
    }
    std::vector<char> copy((const char*)from, (const char*)from + bytes);
    return emu::enqueue(stream, [to, copy = std::move(copy)] {
        if (!emu::in_device(to, copy.size())) { return gone(to); }
        memcpy((void*)to, copy.data(), copy.size());
        return OK;
    });
}

API CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, void* stream)
{
    ENTER();
    if (to == nullptr || !emu::in_device(from, bytes) || emu::was_device((CUdeviceptr)to)) { return INVALID_VALUE; }
    bool pinned = emu::in_pinned(to, bytes), recording = emu::is_recording(stream);
    if (recording && !pinned) { emu::violation("a copy to pageable memory is recorded: its graph would write the memory at every launch"); }
    CUresult queued = emu::enqueue(stream, [=, keep = pinned ? use(to, stream) : nullptr] {
        if (!emu::in_device(from, bytes)) { return gone(from); }
        if (pinned && !emu::in_pinned(to, bytes)) { return gone((CUdeviceptr)to); }
        memcpy(to, (const void*)from, bytes);
        return OK;
    });
    return queued == OK && !pinned && !recording ? emu::drain(stream) : queued;
}

API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, void* stream)
{
    ENTER();
    if (!emu::in_device(to, bytes) || !emu::in_device(from, bytes)) { return INVALID_VALUE; }
    if (to < from + bytes && from < to + bytes && bytes > 0) { emu::violation("a copy within the device onto itself"); }
    return emu::enqueue(stream, [=] {
        if (!emu::in_device(to, bytes)) { return gone(to); }
        if (!emu::in_device(from, bytes)) { return gone(from); }
        memmove((void*)to, (const void*)from, bytes);
        return OK;
    });
}

// The forms that wait, in the legacy default stream.
API CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t bytes)
{
    ENTER();
    if (emu::recording_breaks()) { return CAPTURE_UNSUPPORTED; }
    CUresult queued = cuMemcpyHtoDAsync_v2(to, from, bytes, nullptr);
    return queued != OK ? queued : emu::drain(nullptr);
}

API CUresult cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t bytes)
{
    ENTER();
    if (emu::recording_breaks()) { return CAPTURE_UNSUPPORTED; }
    CUresult queued = cuMemcpyDtoHAsync_v2(to, from, bytes, nullptr);
    return queued != OK ? queued : emu::drain(nullptr);
}

API CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t count, void* stream)
{
    ENTER();
    return fill(to, value, count, stream);
}

API CUresult cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t count, void* stream)
{
    ENTER();
    return fill(to, value, count, stream);
}
