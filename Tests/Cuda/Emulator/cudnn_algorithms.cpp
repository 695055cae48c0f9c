// Which algorithms the emulated cuDNN offers: in changing order, some not supported, one not deterministic, one with a large workspace.
#include "cudnn.h"

#include <algorithm>
#include <cstddef>

struct Perf
{
    int algo;
    int status;
    float time;
    size_t memory;
    int determinism;
    int math;
    int reserved[3];
};
static_assert(
    sizeof(Perf) == 48 && offsetof(Perf, memory) == 16 && offsetof(Perf, math) == 28, "the layout of cudnnConvolutionFwdAlgoPerf_t");

namespace
{
constexpr int FORWARD_ALGORITHMS = 8, BACKWARD_ALGORITHMS = 6;

cudnnStatus_t list(void* handle, bool forward, void* x, void* w, void* convolution, void* y, int requested, int* returned, Perf* found)
{
    if (!is_handle(handle)) { return DNN_NOT_INITIALIZED; }
    if (returned == nullptr || found == nullptr) { return refuse(DNN_NULL_POINTER, "the place for algorithms is null"); }
    if (requested < 1) { return refuse(DNN_BAD_PARAM, "no algorithm was asked for"); }
    Shapes s;
    if (cudnnStatus_t wrong = shapes(x, w, convolution, y, &s)) { return wrong; }
    int all = forward ? FORWARD_ALGORITHMS : BACKWARD_ALGORITHMS, first = (int)emu::chance(all);
    *returned = std::min(requested, all);
    for (int i = 0; i < *returned; i++)
    {
        int algorithm = (first + i) % all;
        bool supported = is_supported(algorithm, s), deterministic = forward || algorithm != 0;
        found[i] = Perf{algorithm, supported ? 0 : DNN_NOT_SUPPORTED, supported ? 1.0f + i : -1.0f,
            supported ? workspace_bytes(algorithm, s) : 0, deterministic, s.convolution.math, {}};
    }
    return 0;
}

cudnnStatus_t workspace(void* handle, void* x, void* w, void* convolution, void* y, int algorithm, size_t* bytes)
{
    if (!is_handle(handle)) { return DNN_NOT_INITIALIZED; }
    if (bytes == nullptr) { return refuse(DNN_NULL_POINTER, "the place for a size is null"); }
    Shapes s;
    if (cudnnStatus_t wrong = shapes(x, w, convolution, y, &s)) { return wrong; }
    if (!is_supported(algorithm, s)) { return refuse(DNN_NOT_SUPPORTED, "the algorithm does not support this convolution"); }
    *bytes = workspace_bytes(algorithm, s);
    return 0;
}

cudnnStatus_t most(void* handle, int count, int* number)
{
    if (!is_handle(handle)) { return DNN_NOT_INITIALIZED; }
    if (number == nullptr) { return refuse(DNN_NULL_POINTER, "the place for a number is null"); }
    *number = count;
    return 0;
}
}

bool is_supported(int algorithm, const Shapes& s)
{
    return algorithm == 0 || algorithm == 1
        || (algorithm == 2 && s.convolution.groups == 1 && s.convolution.dh == 1 && s.convolution.dw == 1);
}

size_t workspace_bytes(int algorithm, const Shapes& s)
{
    size_t columns = (size_t)s.x.c * s.w.h * s.w.w * s.y.h * s.y.w * sizeof(float);
    return algorithm == 0 ? 0 : algorithm == 1 ? 1024 + (size_t)s.w.n * 8 : columns;
}

API cudnnStatus_t cudnnGetConvolutionForwardAlgorithm_v7(
    void* handle, void* x, void* w, void* convolution, void* y, int requested, int* returned, Perf* found)
{
    ENTER_DNN();
    return list(handle, true, x, w, convolution, y, requested, returned, found);
}

API cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithm_v7(
    void* handle, void* w, void* dy, void* convolution, void* dx, int requested, int* returned, Perf* found)
{
    ENTER_DNN();
    return list(handle, false, dx, w, convolution, dy, requested, returned, found);
}

API cudnnStatus_t cudnnGetConvolutionForwardWorkspaceSize(
    void* handle, void* x, void* w, void* convolution, void* y, int algorithm, size_t* bytes)
{
    ENTER_DNN();
    return workspace(handle, x, w, convolution, y, algorithm, bytes);
}

API cudnnStatus_t cudnnGetConvolutionBackwardDataWorkspaceSize(
    void* handle, void* w, void* dy, void* convolution, void* dx, int algorithm, size_t* bytes)
{
    ENTER_DNN();
    return workspace(handle, dx, w, convolution, dy, algorithm, bytes);
}

API cudnnStatus_t cudnnGetConvolutionForwardAlgorithmMaxCount(void* handle, int* count)
{
    ENTER_DNN();
    return most(handle, FORWARD_ALGORITHMS, count);
}

API cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithmMaxCount(void* handle, int* count)
{
    ENTER_DNN();
    return most(handle, BACKWARD_ALGORITHMS, count);
}
