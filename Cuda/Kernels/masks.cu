// Variations of one image behind masks, made where a network reads them: the image lies here, and of each variation a few numbers come. A thread makes a pixel
// of all channels; blockIdx.y is the variation. Every operation is the host's, in its order, so that the bits are. Bound by memory: 4 bytes a value that is made,
// the image staying in the cache; enlarging is a dozen operations in float64 a pixel.
#include "common.cuh"

// fill + w (image - fill), w the weight of the pixel's label, of which the numbers are; 1 is the very image, 0 the very fill.
KERNEL mask_labels(
    const float* image, const float* fill, const int* labels, const float* numbers, float* masked, int count, int channels, int plane)
{
    const float* of_label = numbers + (offset)blockIdx.y * count;
    float* to = masked + (offset)blockIdx.y * channels * plane;
#pragma unroll 1
    FOR_EACH(p, plane)
    {
        float weight = of_label[labels[p]];
#pragma unroll 1
        for (offset i = p; i < (offset)channels * plane; i += plane)
        {
            float shown = image[i], under = fill[i];
            to[i] = weight == 1.0f ? shown : weight == 0.0f ? under : under + weight * (shown - under);
        }
    }
}

// The fill in a rectangle, whose numbers are top, bottom, left and right, and the image elsewhere.
KERNEL mask_boxes(const float* image, const float* fill, const float* numbers, float* masked, int width, int channels, int plane)
{
    const float* box = numbers + 4 * blockIdx.y;
    int top = (int)box[0], bottom = (int)box[1], left = (int)box[2], right = (int)box[3];
    float* to = masked + (offset)blockIdx.y * channels * plane;
#pragma unroll 1
    FOR_EACH(p, plane)
    {
        int y = (int)p / width, x = (int)p % width;
        const float* from = y >= top && y < bottom && x >= left && x < right ? fill : image;
#pragma unroll 1
        for (offset i = p; i < (offset)channels * plane; i += plane) { to[i] = from[i]; }
    }
}

// A grid of h x w cells enlarged bilinearly to H x W, with half-pixel centres and the edge repeated, at one place.
__device__ static float enlarged(const float* cells, int h, int w, int H, int W, int y, int x)
{
    double row = max(0.0, ((double)y + 0.5) * h / H - 0.5), column = max(0.0, ((double)x + 0.5) * w / W - 0.5);
    int top = min((int)row, h - 1), left = min((int)column, w - 1), bottom = min(top + 1, h - 1), right = min(left + 1, w - 1);
    double across = column - left;
    double above = cells[top * w + left] + across * (cells[top * w + right] - cells[top * w + left]);
    double below = cells[bottom * w + left] + across * (cells[bottom * w + right] - cells[bottom * w + left]);
    return (float)(above + (row - top) * (below - above));
}

// The least value of an enlarged grid, and how much more the largest is: two numbers a variation, one block each; NaN if there is one.
BARRIER_KERNEL grid_ranges(const float* numbers, float* ranges, int h, int w, int H, int W)
{
    __shared__ float lows[8], highs[8];
    const float* cells = numbers + (offset)blockIdx.x * (h * w + 2);
    float low = infinity(), high = -infinity();
    for (int i = (int)threadIdx.x; i < H * W; i += 256)
    {
        float v = enlarged(cells, h, w, H, W, i / W, i % W);
        low = v < low || v != v ? v : low;
        high = v > high || v != v ? v : high;
    }
    for (int distance = 16; distance > 0; distance /= 2)
    {
        float l = __shfl_xor_sync(0xffffffffu, low, distance), g = __shfl_xor_sync(0xffffffffu, high, distance);
        low = l < low || l != l ? l : low;
        high = g > high || g != g ? g : high;
    }
    if (threadIdx.x % 32 == 0)
    {
        lows[threadIdx.x / 32] = low;
        highs[threadIdx.x / 32] = high;
    }
    __syncthreads();
    if (threadIdx.x == 0)
    {
        for (int warp = 1; warp < 8; warp++)
        {
            low = lows[warp] < low || lows[warp] != lows[warp] ? lows[warp] : low;
            high = highs[warp] > high || highs[warp] != highs[warp] ? highs[warp] : high;
        }
        ranges[2 * blockIdx.x] = low;
        ranges[2 * blockIdx.x + 1] = high - low;
    }
}

// image M, M the grid of cells enlarged to H x W from a row and a column on; these are the numbers, in this order. If scaled, M is (M - low) / range with the two
// ranges, 0 where the second is not above 0.
KERNEL mask_grids(const float* image, const float* numbers, const float* ranges, float* masked, int scaled, int h, int w, int H, int W, int width, int channels,
    int plane)
{
    const float* cells = numbers + (offset)blockIdx.y * (h * w + 2);
    float* to = masked + (offset)blockIdx.y * channels * plane;
    int top = (int)cells[h * w], left = (int)cells[h * w + 1];
    float low = scaled ? ranges[2 * blockIdx.y] : 0.0f, range = scaled ? ranges[2 * blockIdx.y + 1] : 1.0f;
#pragma unroll 1
    FOR_EACH(p, plane)
    {
        float m = enlarged(cells, h, w, H, W, top + (int)p / width, left + (int)p % width);
        m = range > 0.0f ? (m - low) / range : 0.0f;
#pragma unroll 1
        for (offset i = p; i < (offset)channels * plane; i += plane) { to[i] = image[i] * m; }
    }
}
