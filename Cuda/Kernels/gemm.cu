// Matrix products C = A B of row-major matrices, for where cuBLAS is missing. Tiles of 64x64 of C, 16 of the inner dimension at a time, 4x4 a thread: 8 values
// from shared memory for 16 multiply-adds, so it is bound by shared memory at half of the multiply-adds' peak; on paper 33 TFLOP/s on an H100 SXM, not measured.
// Grid: x columns of tiles, y rows of tiles, z products of a batch, whose matrices lie a stride apart.
#include "common.cuh"

#define SIDE 64
#define DEPTH 16

// Element (row, column) of a matrix that is stored row-major, or transposed.
template <bool transposed>
__device__ static float element(const float* matrix, int row, int column, int rows, int columns)
{
    if (row >= rows || column >= columns) { return 0.0f; }
    return transposed ? matrix[(offset)column * rows + row] : matrix[(offset)row * columns + column];
}

template <bool a_transposed, bool b_transposed>
__device__ static void product(const float* A, const float* B, float* C, int M, int N, int K)
{
    __shared__ float a[DEPTH][SIDE + 4];
    __shared__ float b[DEPTH][SIDE + 4];
    int top = (int)blockIdx.y * SIDE, left = (int)blockIdx.x * SIDE, row = (int)threadIdx.x / 16 * 4, column = (int)threadIdx.x % 16 * 4;
    float sums[4][4] = {};
    for (int k = 0; k < K; k += DEPTH)
    {
        for (int i = (int)threadIdx.x; i < SIDE * DEPTH; i += 256)
        {
            // Neighbouring threads read neighbouring places of what is stored.
            int ak = a_transposed ? i / SIDE : i % DEPTH, am = a_transposed ? i % SIDE : i / DEPTH;
            int bk = b_transposed ? i % DEPTH : i / SIDE, bn = b_transposed ? i / DEPTH : i % SIDE;
            a[ak][am] = element<a_transposed>(A, top + am, k + ak, M, K);
            b[bk][bn] = element<b_transposed>(B, k + bk, left + bn, K, N);
        }
        __syncthreads();
        for (int d = 0; d < DEPTH; d++)
        {
            for (int i = 0; i < 4; i++)
            {
                for (int j = 0; j < 4; j++) { sums[i][j] = fmaf(a[d][row + i], b[d][column + j], sums[i][j]); }
            }
        }
        __syncthreads();
    }
    for (int i = 0; i < 4; i++)
    {
        for (int j = 0; j < 4; j++)
        {
            if (top + row + i < M && left + column + j < N) { C[(offset)(top + row + i) * N + left + column + j] = sums[i][j]; }
        }
    }
}

// A [M,K] B [K,N].
BARRIER_KERNEL sgemm_nn(const float* A, const float* B, float* C, int M, int N, int K, offset a_stride, offset b_stride, offset c_stride)
{
    product<false, false>(A + blockIdx.z * a_stride, B + blockIdx.z * b_stride, C + blockIdx.z * c_stride, M, N, K);
}

// A stored as [K,M], B [K,N].
BARRIER_KERNEL sgemm_tn(const float* A, const float* B, float* C, int M, int N, int K, offset a_stride, offset b_stride, offset c_stride)
{
    product<true, false>(A + blockIdx.z * a_stride, B + blockIdx.z * b_stride, C + blockIdx.z * c_stride, M, N, K);
}

// A [M,K], B stored as [N,K].
BARRIER_KERNEL sgemm_nt(const float* A, const float* B, float* C, int M, int N, int K, offset a_stride, offset b_stride, offset c_stride)
{
    product<false, true>(A + blockIdx.z * a_stride, B + blockIdx.z * b_stride, C + blockIdx.z * c_stride, M, N, K);
}

// y[n,o] = sum_i w[o,i] x[n,i] for few pictures: one warp an output, blockIdx.y the picture. Bound by the reading of w.
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

// r_in[n,i] = sum_o w[o,i] R[n,o] for few pictures: one thread an input, blockIdx.y the picture. Outputs without a gradient are not read.
KERNEL linear_backward(const float* w, const float* R, float* r_in, int in, int out)
{
    const float* upstream = R + (offset)blockIdx.y * out;
    FOR_EACH(i, in)
    {
        float sum = 0.0f;
        for (int o = 0; o < out; o++)
        {
            if (upstream[o] != 0.0f) { sum = fmaf(w[(offset)o * in + i], upstream[o], sum); }
        }
        r_in[(offset)blockIdx.y * in + i] = sum;
    }
}
