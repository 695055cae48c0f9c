// An emulated cuBLAS over the emulated device: handles and what they remember.
#include "cublas.h"

#include <map>

namespace
{
const char* const KIND = "cuBLAS handle";
std::map<void*, BlasHandle> s_handles;

struct Status
{
    cublasStatus_t code;
    const char* name;
    const char* text;
};

const Status STATUSES[] = {
    {0, "CUBLAS_STATUS_SUCCESS", "success"},
    {BLAS_NOT_INITIALIZED, "CUBLAS_STATUS_NOT_INITIALIZED", "the library was not initialized"},
    {BLAS_ALLOC_FAILED, "CUBLAS_STATUS_ALLOC_FAILED", "the resource allocation failed"},
    {BLAS_INVALID_VALUE, "CUBLAS_STATUS_INVALID_VALUE", "an invalid value was used as an argument"},
    {BLAS_EXECUTION_FAILED, "CUBLAS_STATUS_EXECUTION_FAILED", "the function failed to launch on the GPU"},
    {BLAS_NOT_SUPPORTED, "CUBLAS_STATUS_NOT_SUPPORTED", "the functionality is not supported"},
};

const char* find(cublasStatus_t code, const char* Status::*field, const char* otherwise)
{
    for (const Status& status : STATUSES)
    {
        if (status.code == code) { return status.*field; }
    }
    return otherwise;
}
}

BlasHandle* blas_handle(void* handle) { return emu::lives(KIND, handle) ? &s_handles[handle] : nullptr; }

API const char* cublasGetStatusName(cublasStatus_t status) { return find(status, &Status::name, "CUBLAS_STATUS_UNKNOWN"); }
API const char* cublasGetStatusString(cublasStatus_t status) { return find(status, &Status::text, "<unknown>"); }

API cublasStatus_t cublasCreate_v2(void** handle)
{
    ENTER_BLAS();
    if (handle == nullptr) { return BLAS_INVALID_VALUE; }
    if (emu::recording_breaks()) { return BLAS_ALLOC_FAILED; }
    *handle = emu::born(KIND);
    s_handles[*handle];
    return 0;
}

API cublasStatus_t cublasDestroy_v2(void* handle)
{
    ENTER_BLAS();
    s_handles.erase(handle);
    return emu::dies(KIND, handle) ? 0 : BLAS_NOT_INITIALIZED;
}

API cublasStatus_t cublasGetVersion_v2(void* handle, int* version)
{
    ENTER_BLAS();
    if (blas_handle(handle) == nullptr) { return BLAS_NOT_INITIALIZED; }
    if (version == nullptr) { return BLAS_INVALID_VALUE; }
    *version = EMULATED_CUDA / 1000 * 10000 + 100;
    return 0;
}

// 0 the major version, 1 the minor one, 2 the patch level. Needs no handle.
API cublasStatus_t cublasGetProperty(int type, int* value)
{
    if (value == nullptr || type < 0 || type > 2) { return BLAS_INVALID_VALUE; }
    *value = type == 0 ? EMULATED_CUDA / 1000 : type == 1 ? 1 : 0;
    return 0;
}

API cublasStatus_t cublasSetStream_v2(void* handle, void* stream)
{
    ENTER_BLAS();
    BlasHandle* own = blas_handle(handle);
    if (own == nullptr) { return BLAS_NOT_INITIALIZED; }
    if (!emu::is_stream(stream)) { return BLAS_INVALID_VALUE; }
    own->stream = stream;
    own->workspace = own->workspace_bytes = 0; // The workspace goes with the old stream.
    return 0;
}

API cublasStatus_t cublasSetWorkspace_v2(void* handle, void* workspace, size_t bytes)
{
    ENTER_BLAS();
    BlasHandle* own = blas_handle(handle);
    if (own == nullptr) { return BLAS_NOT_INITIALIZED; }
    if ((CUdeviceptr)workspace % 256 != 0 || !emu::in_device((CUdeviceptr)workspace, bytes)) { return BLAS_INVALID_VALUE; }
    own->workspace = (CUdeviceptr)workspace;
    own->workspace_bytes = bytes;
    return 0;
}

API cublasStatus_t cublasSetMathMode(void* handle, int mode)
{
    ENTER_BLAS();
    BlasHandle* own = blas_handle(handle);
    if (own == nullptr) { return BLAS_NOT_INITIALIZED; }
    int kind = mode & ~16; // 16 forbids sums in less precision, and goes with any mode.
    if (kind < 0 || kind > (EMULATED_CUDA >= 12090 ? 4 : 3)) { return BLAS_INVALID_VALUE; }
    own->math = mode;
    return 0;
}

API cublasStatus_t cublasGetMathMode(void* handle, int* mode)
{
    ENTER_BLAS();
    if (blas_handle(handle) == nullptr) { return BLAS_NOT_INITIALIZED; }
    if (mode == nullptr) { return BLAS_INVALID_VALUE; }
    *mode = blas_handle(handle)->math;
    return 0;
}

API cublasStatus_t cublasSetPointerMode_v2(void* handle, int mode)
{
    ENTER_BLAS();
    if (blas_handle(handle) == nullptr) { return BLAS_NOT_INITIALIZED; }
    if (mode < 0 || mode > 1) { return BLAS_INVALID_VALUE; }
    blas_handle(handle)->scalars_on_device = mode == 1;
    return 0;
}

API cublasStatus_t cublasSetAtomicsMode(void* handle, int mode)
{
    ENTER_BLAS();
    if (blas_handle(handle) == nullptr) { return BLAS_NOT_INITIALIZED; }
    return mode == 0 || mode == 1 ? 0 : BLAS_INVALID_VALUE;
}
