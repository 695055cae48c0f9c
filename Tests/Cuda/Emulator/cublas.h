// What the emulated cuBLAS's parts share.
#pragma once
#include "emulator.h"

typedef int cublasStatus_t;
constexpr cublasStatus_t BLAS_NOT_INITIALIZED = 1, BLAS_ALLOC_FAILED = 3, BLAS_INVALID_VALUE = 7, BLAS_EXECUTION_FAILED = 13,
                         BLAS_NOT_SUPPORTED = 15;

struct BlasHandle
{
    void* stream = nullptr;
    CUdeviceptr workspace = 0;
    size_t workspace_bytes = 0;
    int math = 0;
    bool scalars_on_device = false;
};

// Null for one that does not exist.
BlasHandle* blas_handle(void* handle);

inline cublasStatus_t blas_status(CUresult error)
{
    return error == NOT_INITIALIZED || error == INVALID_CONTEXT ? BLAS_NOT_INITIALIZED
        : error == OUT_OF_MEMORY                                ? BLAS_ALLOC_FAILED
                                                                : BLAS_EXECUTION_FAILED;
}

#define ENTER_BLAS() ENTER(false, blas_status)
