// Faults beside those of planted.cu, and kernels without.
#include "../../../../Cuda/Kernels/common.cuh"

// y[255 - t] = x[t] through shared memory.
BARRIER_KERNEL reversed(const float* x, float* y)
{
    __shared__ float values[256];
    values[threadIdx.x] = x[blockIdx.x * 256 + threadIdx.x];
    __syncthreads();
    y[blockIdx.x * 256 + threadIdx.x] = values[255 - threadIdx.x];
}

// Reads what other warps may not have written.
BARRIER_KERNEL reversed_early(const float* x, float* y)
{
    __shared__ float values[256];
    values[threadIdx.x] = x[blockIdx.x * 256 + threadIdx.x];
    y[blockIdx.x * 256 + threadIdx.x] = values[255 - threadIdx.x];
}

// Overwrites what other warps may not have read.
BARRIER_KERNEL reversed_twice(const float* x, float* y)
{
    __shared__ float values[256];
    float value = x[blockIdx.x * 256 + threadIdx.x];
    for (int round = 0; round < 3; round++)
    {
        values[threadIdx.x] = value;
        __syncthreads();
        value = values[255 - threadIdx.x];
    }
    y[blockIdx.x * 256 + threadIdx.x] = value;
}

// Not said to have barriers.
KERNEL unsaid(float* y)
{
    __syncthreads();
    y[threadIdx.x] = 1.0f;
}

// Reads one value behind the end of x.
KERNEL behind(const float* x, float* y, offset n)
{
    FOR_EACH(i, n) { y[i] = x[i + 1]; }
}

// Writes one value behind the end of y.
KERNEL beyond(float* y, offset n)
{
    FOR_EACH(i, n + 1) { y[i] = 1.0f; }
}

KERNEL quotients(int* y, int divisor, offset n)
{
    FOR_EACH(i, n) { y[i] /= divisor; }
}

// Numbers beyond 32 bits.
KERNEL overflow(int* y, int more, offset n)
{
    FOR_EACH(i, n) { y[i] = y[i] + more; }
}

// Numbers that no integer has.
KERNEL cast(const float* x, int* y, float scale, offset n)
{
    FOR_EACH(i, n) { y[i] = (int)(x[i] * scale); }
}

// The last element is left out.
KERNEL missed(float* y, offset n)
{
    FOR_EACH(i, n - 1) { y[i] = 1.0f; }
}
