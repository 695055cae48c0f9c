// Sums and copies of whole tensors. Bound by memory: 12 and 8 bytes a value; 2.2 and 1.5 TB/s of an H100 SXM's 3.35.
#include "common.cuh"

// y += x.
KERNEL add_to(float* y, const float* x, offset n)
{
    FOR_EACH(i, n) { y[i] += x[i]; }
}

// y = a + b; y may be a.
KERNEL add(const float* a, const float* b, float* y, offset n)
{
    FOR_EACH(i, n) { y[i] = a[i] + b[i]; }
}

// Blocks of `length` values, one an image (blockIdx.y), from places x_stride apart to places y_stride apart: the channels of a concatenation, or a part of them.
KERNEL copy_blocks(const float* x, float* y, offset x_stride, offset y_stride, offset length)
{
    FOR_EACH(i, length) { y[blockIdx.y * y_stride + i] = x[blockIdx.y * x_stride + i]; }
}

// The larger of two values, NaN passed on: where neither is larger, their mean.
KERNEL maximum(const float* a, const float* b, float* y, offset n)
{
    FOR_EACH(i, n) { y[i] = a[i] > b[i] ? a[i] : b[i] > a[i] ? b[i] : 0.5f * a[i] + 0.5f * b[i]; }
}

// The smaller of two values, NaN passed on.
KERNEL minimum(const float* a, const float* b, float* y, offset n)
{
    FOR_EACH(i, n) { y[i] = a[i] > b[i] ? b[i] : b[i] > a[i] ? a[i] : 0.5f * a[i] + 0.5f * b[i]; }
}

// r_in = R where a is larger than b, half of it where neither is, else 0.
KERNEL larger_backward(const float* a, const float* b, const float* R, float* r_in, offset n)
{
    FOR_EACH(i, n) { r_in[i] = (a[i] > b[i] ? 1.0f : b[i] > a[i] ? 0.0f : 0.5f) * R[i]; }
}

// x as a sum of two numbers of 10 bits behind the leading one, as tensor cores take them in TF32: the nearest one, and the nearest one of what is left, so that
// 2^-22 of x is lost at most. NaN stays NaN; an infinity has nothing left.
__device__ static float nearest_tf32(float x) { return __int_as_float((__float_as_int(x) + 0x1000) & ~0x1fff); }

KERNEL split_tf32(const float* x, float* large, float* small, offset n)
{
    FOR_EACH(i, n)
    {
        float value = x[i], first = nearest_tf32(value);
        large[i] = first;
        small[i] = value == first ? 0.0f : nearest_tf32(value - first);
    }
}
