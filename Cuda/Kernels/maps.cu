// Class activation maps: means of feature maps, weighted sums over channels, and maps at the image's size. Bound by memory: 4 bytes a value of the feature
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

// Bilinear resizing with half-pixel centres, the edge repeated: planes of h x w to planes of H x W; a grid of planes.
KERNEL resize_bilinear(const float* x, float* y, int h, int w, int H, int W)
{
    const float* from = x + (offset)PLANE(H * W) * h * w;
    float* to = y + (offset)PLANE(H * W) * H * W;
    FOR_EACH_OF_PLANE(i, H * W)
    {
        double row = max(0.0, ((double)(i / W) + 0.5) * h / H - 0.5), column = max(0.0, ((double)(i % W) + 0.5) * w / W - 0.5);
        int top = min((int)row, h - 1), left = min((int)column, w - 1), bottom = min(top + 1, h - 1), right = min(left + 1, w - 1);
        double down = row - top, across = column - left;
        double above = from[top * w + left] * (1.0 - across) + from[top * w + right] * across;
        double below = from[bottom * w + left] * (1.0 - across) + from[bottom * w + right] * across;
        to[i] = (float)(above * (1.0 - down) + below * down);
    }
}
