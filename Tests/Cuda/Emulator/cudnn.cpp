// An emulated cuDNN over the emulated device: handles, versions and errors.
#include "cudnn.h"

#include <cstring>
#include <map>

namespace
{
const char* const KIND = "cuDNN handle";
constexpr int MAJOR = EMULATED_CUDNN == 8 ? 8 : 9, MINOR = EMULATED_CUDNN == 8 ? 9 : 6, PATCH = EMULATED_CUDNN == 8 ? 5 : 0;
std::map<void*, void*> s_streams;
std::string s_last;
}

bool is_handle(void* handle) { return emu::lives(KIND, handle); }
void* stream_of(void* handle) { return s_streams[handle]; }

cudnnStatus_t refuse(cudnnStatus_t status, const char* text)
{
    s_last = text;
    return status;
}

API size_t cudnnGetVersion() { return MAJOR * (EMULATED_CUDNN == 8 ? 1000 : 10000) + MINOR * 100 + PATCH; }
API size_t cudnnGetCudartVersion() { return EMULATED_CUDA; }

API cudnnStatus_t cudnnGetProperty(int type, int* value)
{
    if (value == nullptr || type < 0 || type > 2) { return DNN_BAD_PARAM; }
    *value = type == 0 ? MAJOR : type == 1 ? MINOR : PATCH;
    return 0;
}

API const char* cudnnGetErrorString(cudnnStatus_t status)
{
    switch (status)
    {
        case 0: return "CUDNN_STATUS_SUCCESS";
        case DNN_NOT_INITIALIZED: return "CUDNN_STATUS_NOT_INITIALIZED";
        case DNN_ALLOC_FAILED: return EMULATED_CUDNN == 8 ? "CUDNN_STATUS_ALLOC_FAILED" : "CUDNN_STATUS_INTERNAL_ERROR";
        case DNN_BAD_PARAM: return "CUDNN_STATUS_BAD_PARAM";
        case DNN_EXECUTION_FAILED: return "CUDNN_STATUS_EXECUTION_FAILED";
        case DNN_NOT_SUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
#if EMULATED_CUDNN != 8
        case DNN_NULL_POINTER: return "CUDNN_STATUS_BAD_PARAM_NULL_POINTER";
        case DNN_MISALIGNED: return "CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER";
        case DNN_TOO_SMALL: return "CUDNN_STATUS_BAD_PARAM_SIZE_INSUFFICIENT";
        case DNN_SHAPE: return "CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH";
#endif
        default: return "CUDNN_UNKNOWN_STATUS";
    }
}

#if EMULATED_CUDNN == 8
API cudnnStatus_t cudnnOpsInferVersionCheck() { return 0; }
API cudnnStatus_t cudnnCnnInferVersionCheck() { return 0; }
#else
API cudnnStatus_t cudnnGraphVersionCheck() { return 0; }
API cudnnStatus_t cudnnOpsVersionCheck() { return 0; }
API cudnnStatus_t cudnnCnnVersionCheck() { return 0; }

API void cudnnGetLastErrorString(char* message, size_t bytes)
{
    std::lock_guard<std::recursive_mutex> hold(emu::lock());
    if (message == nullptr || bytes == 0) { return; }
    strncpy(message, s_last.c_str(), bytes - 1);
    message[bytes - 1] = 0;
    s_last.clear();
}
#endif

API cudnnStatus_t cudnnCreate(void** handle)
{
    ENTER_DNN();
    if (handle == nullptr) { return refuse(DNN_NULL_POINTER, "cudnnCreate: handle is null"); }
    if (emu::recording_breaks()) { return refuse(DNN_EXECUTION_FAILED, "cudnnCreate: a stream is recorded"); }
    *handle = emu::born(KIND);
    s_streams[*handle] = nullptr;
    return 0;
}

API cudnnStatus_t cudnnDestroy(void* handle)
{
    ENTER_DNN();
    s_streams.erase(handle);
    return emu::dies(KIND, handle) ? 0 : DNN_BAD_PARAM;
}

API cudnnStatus_t cudnnSetStream(void* handle, void* stream)
{
    ENTER_DNN();
    if (!is_handle(handle)) { return DNN_NOT_INITIALIZED; }
    if (!emu::is_stream(stream)) { return refuse(DNN_BAD_PARAM, "cudnnSetStream: there is no such stream"); }
    s_streams[handle] = stream;
    return 0;
}
