// What the emulated cuDNN's parts share: the fixed-function convolutions of versions 8 and 9, whose status numbers differ.
#pragma once
#include "emulator.h"

typedef int cudnnStatus_t;
#if EMULATED_CUDNN == 8
constexpr cudnnStatus_t DNN_NOT_INITIALIZED = 1, DNN_ALLOC_FAILED = 2, DNN_BAD_PARAM = 3, DNN_EXECUTION_FAILED = 8, DNN_NOT_SUPPORTED = 9;
constexpr cudnnStatus_t DNN_NULL_POINTER = DNN_BAD_PARAM, DNN_MISALIGNED = DNN_BAD_PARAM, DNN_TOO_SMALL = DNN_BAD_PARAM,
                        DNN_SHAPE = DNN_BAD_PARAM;
#else
constexpr cudnnStatus_t DNN_NOT_INITIALIZED = 1001, DNN_ALLOC_FAILED = 4000, DNN_BAD_PARAM = 2000, DNN_EXECUTION_FAILED = 5000,
                        DNN_NOT_SUPPORTED = 3000;
constexpr cudnnStatus_t DNN_NULL_POINTER = 2002, DNN_MISALIGNED = 2003, DNN_TOO_SMALL = 2006, DNN_SHAPE = 2008;
#endif

constexpr int NCHW = 0, FLOAT = 0, FMA_MATH = 3;

struct Sizes
{
    int n = 0, c = 0, h = 0, w = 0;
    long count() const { return (long)n * c * h * w; }
    size_t bytes() const { return sizeof(float) * (size_t)count(); }
};

struct Convolution
{
    int ph = 0, pw = 0, sh = 0, sw = 0, dh = 0, dw = 0, groups = 1, math = 0;
};

// The shapes of a convolution, whichever way it goes: x is what forward reads and backward writes.
struct Shapes
{
    Sizes x, w, y;
    Convolution convolution;
};

// Null for a descriptor that does not exist.
const Sizes* tensor(void* descriptor);

// Whether four descriptors are set and fit each other.
cudnnStatus_t shapes(void* x, void* w, void* convolution, void* y, Shapes* found);

bool is_supported(int algorithm, const Shapes& shapes);

// The workspace that a call must not fall short of.
size_t workspace_bytes(int algorithm, const Shapes& shapes);

// Remembers what is wrong for cudnnGetLastErrorString.
cudnnStatus_t refuse(cudnnStatus_t status, const char* text);

bool is_handle(void* handle);
void* stream_of(void* handle);

inline cudnnStatus_t dnn_status(CUresult error)
{
    return error == NOT_INITIALIZED || error == INVALID_CONTEXT ? DNN_NOT_INITIALIZED
        : error == OUT_OF_MEMORY                                ? DNN_ALLOC_FAILED
                                                                : DNN_EXECUTION_FAILED;
}

#define ENTER_DNN() ENTER(false, dnn_status)
