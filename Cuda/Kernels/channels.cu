// Scales, gates and moves of channels, and normalisation over them. Bound by memory: 8 bytes a value, 12 with a second tensor. Sums are made in one fixed order.
#include "common.cuh"

// y = s x + t, where plane p has scale and shift p % scales; no shift for nullptr. A scale a channel, or a gate a channel of each image: a grid of planes.
KERNEL scale_planes(const float* x, const float* scale, const float* shift, float* y, int scales, int plane)
{
    const float* from = x + (offset)PLANE(plane) * plane;
    float* to = y + (offset)PLANE(plane) * plane;
    int which = (int)PLANE(plane) % scales;
    float s = scale[which], t = shift != nullptr ? shift[which] : 0.0f;
    FOR_EACH_OF_PLANE(i, plane) { to[i] = s * from[i] + t; }
}

// y = a b.
KERNEL multiply(const float* a, const float* b, float* y, offset n)
{
    FOR_EACH(i, n) { y[i] = a[i] * b[i]; }
}

// y = s x, where each pixel of an image has its own s for all channels: a grid of planes of x.
KERNEL scale_pixels(const float* x, const float* s, float* y, int channels, int plane)
{
    offset first = (offset)PLANE(plane) * plane, gate = (offset)(PLANE(plane) / channels) * plane;
    FOR_EACH_OF_PLANE(i, plane) { y[first + i] = s[gate + i] * x[first + i]; }
}

// The sum of a b over the channels of each pixel, such a gate's gradient: a grid of planes of dots.
KERNEL pixel_dots(const float* a, const float* b, float* dots, int channels, int plane)
{
    offset first = (offset)PLANE(plane) * channels * plane;
    FOR_EACH_OF_PLANE(i, plane)
    {
        float sum = 0.0f;
        for (int c = 0; c < channels; c++) { sum = fmaf(a[first + (offset)c * plane + i], b[first + (offset)c * plane + i], sum); }
        dots[(offset)PLANE(plane) * plane + i] = sum;
    }
}

// The sum of a b over each plane, a gate's gradient: one block a plane.
BARRIER_KERNEL plane_dots(const float* a, const float* b, float* dots, int plane)
{
    __shared__ float of_warp[8];
    const float* left = a + (offset)blockIdx.x * plane;
    const float* right = b + (offset)blockIdx.x * plane;
    float sum = 0.0f;
    for (int i = (int)threadIdx.x; i < plane; i += 256) { sum = fmaf(left[i], right[i], sum); }
    for (int distance = 16; distance > 0; distance /= 2) { sum += __shfl_xor_sync(0xffffffffu, sum, distance); }
    if (threadIdx.x % 32 == 0) { of_warp[threadIdx.x / 32] = sum; }
    __syncthreads();
    if (threadIdx.x == 0)
    {
        for (int warp = 1; warp < 8; warp++) { sum += of_warp[warp]; }
        dots[blockIdx.x] = sum;
    }
}

// Channel c of `to` is channel first + c % groups * (to / groups) + c / groups of `from`, zeros where there is none: slices with one group, shuffles with more. A grid of
// the planes of y.
KERNEL move_channels(const float* x, float* y, int from, int to, int first, int groups, int plane)
{
    int image = (int)PLANE(plane) / to, c = (int)PLANE(plane) % to, source = first + c % groups * (to / groups) + c / groups;
    bool is_there = source >= 0 && source < from;
    const float* values = x + ((offset)image * from + (is_there ? source : 0)) * plane;
    float* moved = y + (offset)PLANE(plane) * plane;
    FOR_EACH_OF_PLANE(i, plane) { moved[i] = is_there ? values[i] : 0.0f; }
}

// Normalisation over the channels of each pixel. A block has 32 pixels, a lane one of them, a warp every eighth channel; pixels are numbered through all images.
#define PIXEL ((int)blockIdx.x * 32 + (int)threadIdx.x % 32)

// Where channel 0 of a pixel stands; of the last one for those beyond it.
__device__ static offset pixel_at(int channels, int plane, int pixels)
{
    int pixel = min(PIXEL, pixels - 1);
    return (offset)(pixel / plane) * channels * plane + pixel % plane;
}

// The sum of a value of each warp, in the order of warps, for each lane.
__device__ static float sum_of_warps(float value)
{
    __shared__ float of_warp[8][32];
    int lane = (int)threadIdx.x % 32;
    __syncthreads();
    of_warp[threadIdx.x / 32][lane] = value;
    __syncthreads();
    float sum = of_warp[0][lane];
    for (int warp = 1; warp < 8; warp++) { sum += of_warp[warp][lane]; }
    return sum;
}

// y = gamma (x - mean) / sqrt(variance + epsilon) + beta; records each pixel's mean, then each one's 1 / sqrt(variance + epsilon).
BARRIER_KERNEL layernorm_forward(
    const float* x, const float* gamma, const float* beta, float* y, float* record, float epsilon, int channels, int plane, int pixels)
{
    int warp = (int)threadIdx.x / 32;
    const float* from = x + pixel_at(channels, plane, pixels);
    float* to = y + pixel_at(channels, plane, pixels);
    float sum = 0.0f, squares = 0.0f;
    for (int c = warp; c < channels; c += 8) { sum += from[(offset)c * plane]; }
    float mean = sum_of_warps(sum) / (float)channels;
    for (int c = warp; c < channels; c += 8)
    {
        float distance = from[(offset)c * plane] - mean;
        squares = fmaf(distance, distance, squares);
    }
    float scale = 1.0f / sqrtf(sum_of_warps(squares) / (float)channels + epsilon);
    if (PIXEL >= pixels) { return; }
    for (int c = warp; c < channels; c += 8) { to[(offset)c * plane] = gamma[c] * ((from[(offset)c * plane] - mean) * scale) + beta[c]; }
    if (warp == 0)
    {
        record[PIXEL] = mean;
        record[(offset)pixels + PIXEL] = scale;
    }
}

// r_in = (g - mean(g) - n mean(g n)) scale with g = gamma R and n = (x - mean) scale, from what the forward pass recorded.
BARRIER_KERNEL layernorm_backward(
    const float* x, const float* gamma, const float* record, const float* R, float* r_in, int channels, int plane, int pixels)
{
    int warp = (int)threadIdx.x / 32, pixel = min(PIXEL, pixels - 1);
    const float* values = x + pixel_at(channels, plane, pixels);
    const float* from = R + pixel_at(channels, plane, pixels);
    float* to = r_in + pixel_at(channels, plane, pixels);
    float mean = record[pixel], scale = record[(offset)pixels + pixel], sum = 0.0f, along = 0.0f;
    for (int c = warp; c < channels; c += 8)
    {
        float g = gamma[c] * from[(offset)c * plane];
        sum += g;
        along = fmaf(g, (values[(offset)c * plane] - mean) * scale, along);
    }
    sum = sum_of_warps(sum) / (float)channels;
    along = sum_of_warps(along) / (float)channels;
    if (PIXEL >= pixels) { return; }
    for (int c = warp; c < channels; c += 8)
    {
        float normalised = (values[(offset)c * plane] - mean) * scale;
        to[(offset)c * plane] = (gamma[c] * from[(offset)c * plane] - sum - normalised * along) * scale;
    }
}
