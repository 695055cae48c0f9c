// Kernels for the emulated device's own tests, most of them wrong on purpose.
#include "../../../../Cuda/Kernels/common.cuh"

// Right, for any n; wrong where y has fewer places.
KERNEL fill(float* y, offset n)
{
    FOR_EACH(i, n) { y[i] = 1.0f; }
}

// Ten threads wait at a barrier that the others do not come to.
BARRIER_KERNEL divergent(float* y)
{
    if (threadIdx.x < 10) { __syncthreads(); }
    y[threadIdx.x] = 1.0f;
}

// A part of a warp exchanges values.
BARRIER_KERNEL torn_shuffle(float* y)
{
    if (threadIdx.x < 10) { y[threadIdx.x] = __shfl_xor_sync(0xffffffffu, 1.0f, 1); }
}

// Reads what another warp writes, without a barrier in between.
BARRIER_KERNEL race(float* y)
{
    __shared__ float shared[256];
    shared[threadIdx.x] = 1.0f;
    y[blockIdx.x * 256 + threadIdx.x] = shared[255 - threadIdx.x];
}

// The same with the barrier.
BARRIER_KERNEL no_race(float* y)
{
    __shared__ float shared[256];
    shared[threadIdx.x] = 1.0f;
    __syncthreads();
    y[blockIdx.x * 256 + threadIdx.x] = shared[255 - threadIdx.x];
}
