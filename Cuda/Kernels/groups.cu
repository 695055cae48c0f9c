// Normalisation over groups of channels. Bound by memory: the forward pass reads a map three times, the backward pass two maps twice; a group that fits in a cache comes
// from there. One block a group of an image, whose values stand one after another; sums are made in one fixed order.
#include "common.cuh"

// The sum of a value of each thread of the block, for each thread.
__device__ static float sum_of_block(float value)
{
    __shared__ float of_warp[8];
    for (int distance = 16; distance > 0; distance /= 2) { value += __shfl_xor_sync(0xffffffffu, value, distance); }
    __syncthreads();
    if (threadIdx.x % 32 == 0) { of_warp[threadIdx.x / 32] = value; }
    __syncthreads();
    float sum = of_warp[0];
    for (int warp = 1; warp < 8; warp++) { sum += of_warp[warp]; }
    return sum;
}

// y = gamma (x - mean) / sqrt(variance + epsilon) + beta; records each group's mean and 1 / sqrt(variance + epsilon).
BARRIER_KERNEL groupnorm_forward(
    const float* x, const float* gamma, const float* beta, float* y, float* record, float epsilon, int groups, int channels, int plane)
{
    int length = channels * plane, first = (int)blockIdx.x % groups * channels;
    const float* from = x + (offset)blockIdx.x * length;
    float* to = y + (offset)blockIdx.x * length;
    float sum = 0.0f, squares = 0.0f;
    for (int i = (int)threadIdx.x; i < length; i += 256) { sum += from[i]; }
    float mean = sum_of_block(sum) / (float)length;
    for (int i = (int)threadIdx.x; i < length; i += 256)
    {
        float distance = from[i] - mean;
        squares = fmaf(distance, distance, squares);
    }
    float scale = 1.0f / sqrtf(sum_of_block(squares) / (float)length + epsilon);
    for (int i = (int)threadIdx.x; i < length; i += 256) { to[i] = gamma[first + i / plane] * ((from[i] - mean) * scale) + beta[first + i / plane]; }
    if (threadIdx.x == 0)
    {
        record[2 * blockIdx.x] = mean;
        record[2 * blockIdx.x + 1] = scale;
    }
}

// r_in = (g - mean(g) - n mean(g n)) scale with g = gamma R and n = (x - mean) scale, from what the forward pass recorded.
BARRIER_KERNEL groupnorm_backward(
    const float* x, const float* gamma, const float* record, const float* R, float* r_in, int groups, int channels, int plane)
{
    int length = channels * plane, first = (int)blockIdx.x % groups * channels;
    const float* values = x + (offset)blockIdx.x * length;
    const float* from = R + (offset)blockIdx.x * length;
    float* to = r_in + (offset)blockIdx.x * length;
    float mean = record[2 * blockIdx.x], scale = record[2 * blockIdx.x + 1], sum = 0.0f, along = 0.0f;
    for (int i = (int)threadIdx.x; i < length; i += 256)
    {
        float g = gamma[first + i / plane] * from[i];
        sum += g;
        along = fmaf(g, (values[i] - mean) * scale, along);
    }
    sum = sum_of_block(sum) / (float)length;
    along = sum_of_block(along) / (float)length;
    for (int i = (int)threadIdx.x; i < length; i += 256)
    {
        to[i] = (gamma[first + i / plane] * from[i] - sum - (values[i] - mean) * scale * along) * scale;
    }
}
