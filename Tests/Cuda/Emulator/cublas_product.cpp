// The emulated cuBLAS's products: checked arguments, work in the handle's stream, scalars read at the call unless they are the device's.
#include "cublas.h"
#include "host_gemm.h"

namespace
{
constexpr int NONE = 0, TF32 = 3;

struct Matrix
{
    CUdeviceptr values;
    long rows, columns, ld; // As it is stored.
    long long stride;
};

struct Product
{
    int op_a, op_b;
    long m, n, k;
    Matrix a, b, c;
    long batch;
};

size_t bytes(const Matrix& matrix, long batch)
{
    if (matrix.rows == 0 || matrix.columns == 0 || batch == 0) { return 0; }
    return sizeof(float) * (size_t)((batch - 1) * matrix.stride + (matrix.columns - 1) * matrix.ld + matrix.rows);
}

bool is_wrong(const Matrix& matrix) { return matrix.ld < std::max(1L, matrix.rows) || matrix.values % sizeof(float) != 0; }

// Whether the matrix lies in one allocation; what cuBLAS cannot know, so that it is a finding too.
bool reaches_beyond(const Matrix& matrix, long batch)
{
    if (emu::in_device(matrix.values, bytes(matrix, batch))) { return false; }
    emu::violation("cuBLAS: a matrix reaches beyond its allocation");
    return true;
}

bool overlap(const Matrix& x, const Matrix& y, long batch)
{
    return x.values < y.values + bytes(y, batch) && y.values < x.values + bytes(x, batch);
}

bool read(const BlasHandle& own, const float* scalar)
{
    return own.scalars_on_device ? emu::in_device((CUdeviceptr)scalar, sizeof(float)) : scalar != nullptr;
}

void run(const BlasHandle& own, const Product& p, float alpha, float beta)
{
    if (own.workspace != 0) { emu::poison((void*)own.workspace, own.workspace_bytes); }
    for (long i = 0; i < p.batch; i++)
    {
        const float *a = (const float*)p.a.values + i * p.a.stride, *b = (const float*)p.b.values + i * p.b.stride;
        host_gemm(p.op_a != NONE, p.op_b != NONE, p.m, p.n, p.k, alpha, a, p.a.ld, b, p.b.ld, beta, (float*)p.c.values + i * p.c.stride,
            p.c.ld, (own.math & 7) == TF32);
    }
}

cublasStatus_t queue(void* handle, const Product& p, const float* alpha, const float* beta)
{
    BlasHandle* found = blas_handle(handle);
    if (found == nullptr) { return BLAS_NOT_INITIALIZED; }
    BlasHandle own = *found;
    if (p.op_a < 0 || p.op_a > 2 || p.op_b < 0 || p.op_b > 2 || p.m < 0 || p.n < 0 || p.k < 0 || p.batch < 0) { return BLAS_INVALID_VALUE; }
    if (is_wrong(p.a) || is_wrong(p.b) || is_wrong(p.c) || p.a.stride < 0 || p.b.stride < 0 || !read(own, alpha) || !read(own, beta))
    {
        return BLAS_INVALID_VALUE;
    }
    if (p.m == 0 || p.n == 0 || p.batch == 0) { return 0; }
    if (p.batch > 1 && p.c.stride < (p.n - 1) * p.c.ld + p.m) { return BLAS_INVALID_VALUE; }
    if (reaches_beyond(p.a, p.batch) || reaches_beyond(p.b, p.batch) || reaches_beyond(p.c, p.batch)) { return BLAS_INVALID_VALUE; }
    if (overlap(p.a, p.c, p.batch) || overlap(p.b, p.c, p.batch)) { emu::violation("cuBLAS: the result overlaps a factor"); }
    if (own.workspace == 0) { emu::violation("cuBLAS: no workspace was given, so a recorded graph would take memory"); }
    float a = own.scalars_on_device ? 0.0f : *alpha, b = own.scalars_on_device ? 0.0f : *beta;
    CUresult queued = emu::enqueue(own.stream, [=] {
        return emu::guarded([&] { own.scalars_on_device ? run(own, p, *alpha, *beta) : run(own, p, a, b); });
    });
    return queued == OK ? 0 : blas_status(queued);
}

Matrix stored(const float* values, int op, long rows, long columns, long ld, long long stride)
{
    return {(CUdeviceptr)values, op == NONE ? rows : columns, op == NONE ? columns : rows, ld, stride};
}
}

API cublasStatus_t cublasSgemmStridedBatched(void* handle, int opa, int opb, int m, int n, int k, const float* alpha, const float* A,
    int lda, long long stride_a, const float* B, int ldb, long long stride_b, const float* beta, float* C, int ldc, long long stride_c,
    int batch)
{
    ENTER_BLAS();
    return queue(handle,
        {opa, opb, m, n, k, stored(A, opa, m, k, lda, stride_a), stored(B, opb, k, n, ldb, stride_b), stored(C, NONE, m, n, ldc, stride_c),
            batch},
        alpha, beta);
}

API cublasStatus_t cublasSgemm_v2(void* handle, int opa, int opb, int m, int n, int k, const float* alpha, const float* A, int lda,
    const float* B, int ldb, const float* beta, float* C, int ldc)
{
    ENTER_BLAS();
    return queue(handle, {opa, opb, m, n, k, stored(A, opa, m, k, lda, 0), stored(B, opb, k, n, ldb, 0), stored(C, NONE, m, n, ldc, 0), 1},
        alpha, beta);
}

// y = alpha op(A) x + beta y, as the row y' = alpha x' op(A)' + beta y', whose columns lie incy apart.
API cublasStatus_t cublasSgemv_v2(void* handle, int op, int m, int n, const float* alpha, const float* A, int lda, const float* x, int incx,
    const float* beta, float* y, int incy)
{
    ENTER_BLAS();
    if (incx < 1 || incy < 1 || m < 0 || n < 0) { return incx < 0 || incy < 0 ? BLAS_NOT_SUPPORTED : BLAS_INVALID_VALUE; }
    long in = op == NONE ? n : m, out = op == NONE ? m : n;
    Matrix a{(CUdeviceptr)A, m, n, lda, 0};
    return queue(handle,
        {NONE, op == NONE ? 1 : NONE, 1, out, in, {(CUdeviceptr)x, 1, in, incx, 0}, a, {(CUdeviceptr)y, 1, out, incy, 0}, 1}, alpha, beta);
}
