// Included by every kernel file. NVRTC has no headers, so what kernels share stands here; on the emulated device <kernel_host.h> takes this file's place.
//
// A kernel is KERNEL name(...), or BARRIER_KERNEL name(...) if it uses __shared__, __syncthreads or a shuffle. Blocks are one-dimensional, at most 256
// threads. Allowed beside plain C: __syncthreads, __shfl_down_sync and __shfl_xor_sync with a full mask, static __shared__ arrays, float4, __int_as_float, __float_as_int, min, max,
// and the functions of <math.h> and cospi in both precisions. Offsets into tensors are of type `offset`; pointers that may name the same memory are not
// __restrict__. A file may define LEAST_BLOCKS, how many blocks of its BARRIER_KERNELs a multiprocessor must have registers for.
#ifndef INTERP_KERNEL_HOST
#define KERNEL extern "C" __global__ void __launch_bounds__(256)
#ifdef LEAST_BLOCKS
#define BARRIER_KERNEL extern "C" __global__ void __launch_bounds__(256, LEAST_BLOCKS)
#else
#define BARRIER_KERNEL extern "C" __global__ void __launch_bounds__(256)
#endif
#endif

typedef long long offset;
typedef unsigned int u32;
typedef unsigned long long u64;

__device__ static float infinity() { return __int_as_float(0x7f800000); }

// max(x, 0), NaN passed on.
__device__ static float rectified(float x) { return x > 0.0f ? x : x != x ? x : 0.0f; }

// The loop of a thread over n elements: any grid computes all of them.
#define FOR_EACH(i, n) for (offset i = (offset)blockIdx.x * blockDim.x + threadIdx.x; i < (n); i += (offset)gridDim.x * blockDim.x)

// The loop of a block over its part of a plane, for kernels whose planes share something: block b has PART values of plane b / parts, where parts is the
// number of blocks a plane, ceil(length / PART). The grid is planes * parts blocks, exactly.
#define PART 2048
#define PARTS(length) (((length) + PART - 1) / PART)
#define PLANE(length) (blockIdx.x / PARTS(length))
#define FOR_EACH_OF_PLANE(i, length)                                                                                                     \
    for (int i = (int)(blockIdx.x % PARTS(length)) * PART + (int)threadIdx.x, end_##i = min(i - (int)threadIdx.x + PART, (length)); i < end_##i; \
         i += (int)blockDim.x)
