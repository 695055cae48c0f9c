// The emulated cuDNN's descriptors of tensors, filters and convolutions. Needing no device memory they are made and set without a handle.
#include "cudnn.h"

#include <map>

namespace
{
const char *const TENSOR = "tensor descriptor", *const FILTER = "filter descriptor", *const CONVOLUTION = "convolution descriptor";
std::map<void*, Sizes> s_tensors, s_filters;
std::map<void*, Convolution> s_convolutions;

template <typename T>
cudnnStatus_t create(const char* kind, std::map<void*, T>& all, void** descriptor)
{
    if (descriptor == nullptr) { return refuse(DNN_NULL_POINTER, "the place for a descriptor is null"); }
    *descriptor = emu::born(kind);
    all[*descriptor];
    return 0;
}

template <typename T>
cudnnStatus_t destroy(const char* kind, std::map<void*, T>& all, void* descriptor)
{
    all.erase(descriptor);
    return emu::dies(kind, descriptor) ? 0 : refuse(DNN_BAD_PARAM, "there is no such descriptor");
}

cudnnStatus_t set(const char* kind, std::map<void*, Sizes>& all, void* descriptor, int format, int type, Sizes sizes)
{
    if (!emu::lives(kind, descriptor)) { return refuse(DNN_BAD_PARAM, "there is no such descriptor"); }
    if (format < 0 || format > 2 || type < 0 || type > 9) { return refuse(DNN_BAD_PARAM, "an unknown format or type"); }
    if (format != NCHW || type != FLOAT)
    {
        return refuse(DNN_NOT_SUPPORTED, "formats other than NCHW, and types other than float, are not emulated");
    }
    if (sizes.n < 1 || sizes.c < 1 || sizes.h < 1 || sizes.w < 1) { return refuse(DNN_BAD_PARAM, "a size below 1"); }
    all[descriptor] = sizes;
    return 0;
}

int output(int size, int kernel, int pad, int stride, int dilation) { return (size + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1; }
}

const Sizes* tensor(void* descriptor) { return emu::lives(TENSOR, descriptor) ? &s_tensors[descriptor] : nullptr; }

cudnnStatus_t shapes(void* x, void* w, void* convolution, void* y, Shapes* found)
{
    if (!emu::lives(TENSOR, x) || !emu::lives(FILTER, w) || !emu::lives(CONVOLUTION, convolution) || !emu::lives(TENSOR, y))
    {
        return refuse(DNN_BAD_PARAM, "a descriptor does not exist, or is of another kind");
    }
    Sizes a = s_tensors[x], f = s_filters[w], b = s_tensors[y];
    Convolution g = s_convolutions[convolution];
    if (a.count() == 0 || f.count() == 0 || b.count() == 0 || g.sh == 0) { return refuse(DNN_BAD_PARAM, "a descriptor is not set"); }
    bool fit = a.n == b.n && a.c == f.c * g.groups && b.c == f.n && f.n % g.groups == 0 && b.h == output(a.h, f.h, g.ph, g.sh, g.dh)
        && b.w == output(a.w, f.w, g.pw, g.sw, g.dw);
    *found = {a, f, b, g};
    return fit ? 0 : refuse(DNN_SHAPE, "the shapes do not fit each other");
}

API cudnnStatus_t cudnnCreateTensorDescriptor(void** descriptor)
{
    ENTER_DNN();
    return create(TENSOR, s_tensors, descriptor);
}

API cudnnStatus_t cudnnSetTensor4dDescriptor(void* descriptor, int format, int type, int n, int c, int h, int w)
{
    ENTER_DNN();
    return set(TENSOR, s_tensors, descriptor, format, type, {n, c, h, w});
}

API cudnnStatus_t cudnnDestroyTensorDescriptor(void* descriptor)
{
    ENTER_DNN();
    return destroy(TENSOR, s_tensors, descriptor);
}

API cudnnStatus_t cudnnCreateFilterDescriptor(void** descriptor)
{
    ENTER_DNN();
    return create(FILTER, s_filters, descriptor);
}

API cudnnStatus_t cudnnSetFilter4dDescriptor(void* descriptor, int type, int format, int k, int c, int h, int w)
{
    ENTER_DNN();
    return set(FILTER, s_filters, descriptor, format, type, {k, c, h, w});
}

API cudnnStatus_t cudnnDestroyFilterDescriptor(void* descriptor)
{
    ENTER_DNN();
    return destroy(FILTER, s_filters, descriptor);
}

API cudnnStatus_t cudnnCreateConvolutionDescriptor(void** descriptor)
{
    ENTER_DNN();
    return create(CONVOLUTION, s_convolutions, descriptor);
}

API cudnnStatus_t cudnnSetConvolution2dDescriptor(void* descriptor, int ph, int pw, int sh, int sw, int dh, int dw, int mode, int type)
{
    ENTER_DNN();
    if (!emu::lives(CONVOLUTION, descriptor)) { return refuse(DNN_BAD_PARAM, "there is no such descriptor"); }
    if (ph < 0 || pw < 0 || sh < 1 || sw < 1 || dh < 1 || dw < 1 || mode < 0 || mode > 1 || type < 0 || type > 9)
    {
        return refuse(DNN_BAD_PARAM, "a wrong number");
    }
    if (type != FLOAT) { return refuse(DNN_NOT_SUPPORTED, "sums in other types than float are not emulated"); }
    if (mode == 0) { emu::violation("cuDNN: the filters would be turned round: mode CONVOLUTION"); }
    s_convolutions[descriptor] = Convolution{ph, pw, sh, sw, dh, dw, s_convolutions[descriptor].groups, s_convolutions[descriptor].math};
    return 0;
}

API cudnnStatus_t cudnnSetConvolutionGroupCount(void* descriptor, int groups)
{
    ENTER_DNN();
    if (!emu::lives(CONVOLUTION, descriptor) || groups < 1) { return refuse(DNN_BAD_PARAM, "no such descriptor, or no group"); }
    s_convolutions[descriptor].groups = groups;
    return 0;
}

API cudnnStatus_t cudnnSetConvolutionMathType(void* descriptor, int math)
{
    ENTER_DNN();
    if (!emu::lives(CONVOLUTION, descriptor) || math < 0 || math > FMA_MATH)
    {
        return refuse(DNN_BAD_PARAM, "no such descriptor, or an unknown math type");
    }
    s_convolutions[descriptor].math = math;
    return 0;
}

API cudnnStatus_t cudnnDestroyConvolutionDescriptor(void* descriptor)
{
    ENTER_DNN();
    return destroy(CONVOLUTION, s_convolutions, descriptor);
}
