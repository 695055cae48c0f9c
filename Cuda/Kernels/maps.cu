// Class activation maps: means of feature maps, and weighted sums over channels. Bound by memory: 4 bytes a value of the feature
// maps; at 14x14 by the launch, 4 us on an H100 SXM, and a weighted sum of 512 channels, which one block makes, by latency, 35 us.
#include "common.cuh"

// The mean of each plane: one block a plane, always summed in the same order.
BARRIER_KERNEL plane_means(const float* x, float* means, int plane)
{
    __shared__ float of_warp[8];
    const float* values = x + (offset)blockIdx.x * plane;
    float sum = 0.0f;
    for (int i = (int)threadIdx.x; i < plane; i += 256) { sum += values[i]; }
    for (int distance = 16; distance > 0; distance /= 2) { sum += __shfl_xor_sync(0xffffffffu, sum, distance); }
    if (threadIdx.x % 32 == 0) { of_warp[threadIdx.x / 32] = sum; }
    __syncthreads();
    if (threadIdx.x == 0)
    {
        for (int warp = 1; warp < 8; warp++) { sum += of_warp[warp]; }
        means[blockIdx.x] = sum / (float)plane;
    }
}

// map[n,i] = sum_c w[n,c] x[n,c,i]; a grid of planes, one an image.
KERNEL weighted_channels(const float* x, const float* w, float* map, int channels, int plane)
{
    const float* values = x + (offset)PLANE(plane) * channels * plane;
    const float* weights = w + (offset)PLANE(plane) * channels;
    float* to = map + (offset)PLANE(plane) * plane;
    FOR_EACH_OF_PLANE(i, plane)
    {
        float sum = 0.0f;
        for (int c = 0; c < channels; c++) { sum = fmaf(weights[c], values[(offset)c * plane + i], sum); }
        to[i] = sum;
    }
}
