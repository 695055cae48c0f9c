// Matrix products C = A B of row-major matrices, for where cuBLAS is missing. A block has a tile of 16 SHARE x 16 SHARE of C, a thread SHARE x SHARE values of it, 16 of
// the inner dimension at a time, the next 16 fetched meanwhile: 2 SHARE values from shared memory, four at once, for SHARE^2 multiply-adds, which bound it: on an H100 SXM
// 29 TFLOP/s with SHARE 4, 36 with SHARE 8 (1024x4096 by 4096x4096, B transposed), of 67. Each sum
// runs in the order of the inner dimension, so that all shares give the same bits. Grid: x columns of tiles, y rows of tiles, z products of a batch, whose
// matrices lie a stride apart. Rows of C that are a multiple of four long must begin at a multiple of 16 bytes.
#define LEAST_BLOCKS 2
#include "common.cuh"

#define DEPTH 16

// What a block takes of a matrix, 16 SHARE rows or columns of C by DEPTH of the inner dimension at a time, and a thread of that. The places along C's side lie beside
// each other in memory (lies_along), or those along the inner dimension; neighbouring threads read neighbouring places.
template <bool lies_along, int SHARE>
struct Strip
{
    const float* from;
    offset step, advance;
    int left, depth, side, inner;
    float next[SHARE];

    __device__ Strip(const float* matrix, int first, int size, int K)
    {
        int thread = (int)threadIdx.x;
        side = lies_along ? thread % (16 * SHARE) : thread / DEPTH;
        depth = lies_along ? thread / (16 * SHARE) : thread % DEPTH;
        from = matrix + (lies_along ? (offset)depth * size + first + side : (offset)(first + side) * K + depth);
        step = lies_along ? (offset)(DEPTH / SHARE) * size : (offset)16 * K;
        advance = lies_along ? (offset)DEPTH * size : DEPTH;
        left = size - first - side;
        inner = K - depth;
    }

    // Values of the next DEPTH places, zeros beyond the matrix.
    __device__ void fetch()
    {
        for (int j = 0; j < SHARE; j++)
        {
            bool is_there = lies_along ? left > 0 && inner > j * (DEPTH / SHARE) : left > 16 * j && inner > 0;
            next[j] = is_there ? from[j * step] : 0.0f;
        }
        from += advance;
        inner -= DEPTH;
    }

    __device__ void store(float4 (*tile)[4 * SHARE + 1])
    {
        for (int j = 0; j < SHARE; j++)
        {
            if (lies_along) { ((float*)tile[depth + j * (DEPTH / SHARE)])[side] = next[j]; }
            else { ((float*)tile[depth])[side + 16 * j] = next[j]; }
        }
    }
};

__device__ static float part(float4 v, int i) { return i == 0 ? v.x : i == 1 ? v.y : i == 2 ? v.z : v.w; }

template <bool a_transposed, bool b_transposed, int SHARE>
__device__ static void product(const float* A, const float* B, float* C, int M, int N, int K)
{
    // A thread's rows and columns are groups of four, 64 apart.
    const int GROUPS = SHARE / 4;
    __shared__ float4 a[DEPTH][4 * SHARE + 1];
    __shared__ float4 b[DEPTH][4 * SHARE + 1];
    int top = (int)blockIdx.y * 16 * SHARE, left = (int)blockIdx.x * 16 * SHARE, row = (int)threadIdx.x / 16, column = (int)threadIdx.x % 16;
    Strip<a_transposed, SHARE> of_a(A, top, M, K);
    Strip<!b_transposed, SHARE> of_b(B, left, N, K);
    float sums[SHARE][SHARE] = {};
    of_a.fetch();
    of_b.fetch();
    for (int k = 0; k < K; k += DEPTH)
    {
        of_a.store(a);
        of_b.store(b);
        __syncthreads();
        of_a.fetch();
        of_b.fetch();
        for (int d = 0; d < DEPTH; d++)
        {
            float4 x[GROUPS], y[GROUPS];
            for (int g = 0; g < GROUPS; g++)
            {
                x[g] = a[d][16 * g + row];
                y[g] = b[d][16 * g + column];
            }
            for (int i = 0; i < SHARE; i++)
            {
                for (int j = 0; j < SHARE; j++) { sums[i][j] = fmaf(part(x[i / 4], i % 4), part(y[j / 4], j % 4), sums[i][j]); }
            }
        }
        __syncthreads();
    }
    for (int i = 0; i < SHARE; i++)
    {
        int m = top + i / 4 * 64 + 4 * row + i % 4;
        for (int g = 0; g < GROUPS; g++)
        {
            int n = left + 64 * g + 4 * column;
            float* to = C + (offset)m * N + n;
            float* from = sums[i] + 4 * g;
            if (m >= M || n >= N) { continue; }
            if (N % 4 == 0)
            {
                float4 values = {from[0], from[1], from[2], from[3]};
                *(float4*)to = values;
                continue;
            }
            for (int j = 0; j < 4; j++)
            {
                if (j == 0 || n + j < N) { to[j] = from[j]; }
            }
        }
    }
}

// A [M,K] B [K,N], by tiles of 64x64 and of 128x128.
BARRIER_KERNEL sgemm_nn(const float* A, const float* B, float* C, int M, int N, int K, offset a_stride, offset b_stride, offset c_stride)
{
    product<false, false, 4>(A + blockIdx.z * a_stride, B + blockIdx.z * b_stride, C + blockIdx.z * c_stride, M, N, K);
}

BARRIER_KERNEL sgemm_nn_large(const float* A, const float* B, float* C, int M, int N, int K, offset a_stride, offset b_stride, offset c_stride)
{
    product<false, false, 8>(A + blockIdx.z * a_stride, B + blockIdx.z * b_stride, C + blockIdx.z * c_stride, M, N, K);
}

// A stored as [K,M], B [K,N].
BARRIER_KERNEL sgemm_tn(const float* A, const float* B, float* C, int M, int N, int K, offset a_stride, offset b_stride, offset c_stride)
{
    product<true, false, 4>(A + blockIdx.z * a_stride, B + blockIdx.z * b_stride, C + blockIdx.z * c_stride, M, N, K);
}

BARRIER_KERNEL sgemm_tn_large(const float* A, const float* B, float* C, int M, int N, int K, offset a_stride, offset b_stride, offset c_stride)
{
    product<true, false, 8>(A + blockIdx.z * a_stride, B + blockIdx.z * b_stride, C + blockIdx.z * c_stride, M, N, K);
}

// A [M,K], B stored as [N,K].
BARRIER_KERNEL sgemm_nt(const float* A, const float* B, float* C, int M, int N, int K, offset a_stride, offset b_stride, offset c_stride)
{
    product<false, true, 4>(A + blockIdx.z * a_stride, B + blockIdx.z * b_stride, C + blockIdx.z * c_stride, M, N, K);
}

BARRIER_KERNEL sgemm_nt_large(const float* A, const float* B, float* C, int M, int N, int K, offset a_stride, offset b_stride, offset c_stride)
{
    product<false, true, 8>(A + blockIdx.z * a_stride, B + blockIdx.z * b_stride, C + blockIdx.z * c_stride, M, N, K);
}

// y[n,o] = sum_i w[o,i] x[n,i] for few images: one warp an output, blockIdx.y the image. Bound by the reading of w.
BARRIER_KERNEL linear_forward(const float* w, const float* x, float* y, int in, int out)
{
    int o = (int)(blockIdx.x * 8 + threadIdx.x / 32);
    const float* row = w + (offset)min(o, out - 1) * in;
    const float* features = x + (offset)blockIdx.y * in;
    float sum = 0.0f;
    for (int i = (int)threadIdx.x % 32; i < in; i += 32) { sum = fmaf(row[i], features[i], sum); }
    for (int distance = 16; distance > 0; distance /= 2) { sum += __shfl_xor_sync(0xffffffffu, sum, distance); }
    if (o < out && threadIdx.x % 32 == 0) { y[(offset)blockIdx.y * out + o] = sum; }
}

// r_in[n,i] = sum_o w[o,i] R[n,o] for few images: 32 inputs a block, an eighth of the outputs a warp, whose sums are added in order; blockIdx.y the image.
// Outputs without a gradient are not read. Bound by the reading of w, 2.7 of 3.35 TB/s on an H100 SXM.
BARRIER_KERNEL linear_backward(const float* w, const float* R, float* r_in, int in, int out)
{
    __shared__ float sums[8][32];
    const float* upstream = R + (offset)blockIdx.y * out;
    int warp = (int)threadIdx.x / 32, lane = (int)threadIdx.x % 32, i = (int)blockIdx.x * 32 + lane;
    const float* column = w + min(i, in - 1);
    float sum = 0.0f;
    for (int o = warp; o < out; o += 8)
    {
        if (upstream[o] != 0.0f) { sum = fmaf(column[(offset)o * in], upstream[o], sum); }
    }
    sums[warp][lane] = sum;
    __syncthreads();
    if (warp > 0 || i >= in) { return; }
    for (int k = 1; k < 8; k++) { sum += sums[k][lane]; }
    r_in[(offset)blockIdx.y * in + i] = sum;
}
