// Products of column-major matrices for the emulated libraries: C = alpha op(A) op(B) + beta C. Sums are of blocks of the inner dimension,
// each from its last index to its first, which is not the order of the CPU backend; `forwards` sums from the first, for libraries that
// promise no order. With `tf32` the factors keep 10 bits, so that a forgotten math mode shows.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace gemm
{
constexpr long LANES = 8, ROWS = 2 * LANES, COLUMNS = 6, DEPTH = 256, BLOCK = 8 * ROWS;
typedef float Lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4)));

inline float to_tf32(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, 4);
    bits = (bits + 0x0FFF + ((bits >> 13) & 1)) & ~0x1FFFu;
    memcpy(&value, &bits, 4);
    return value;
}

// A matrix as it is stored, in the order that its product asks for.
struct Operand
{
    const float* values;
    long row_step, column_step;
    bool tf32;

    float at(long row, long column) const
    {
        float value = values[row * row_step + column * column_step];
        return tf32 ? to_tf32(value) : value;
    }
};

inline Operand operand(const float* values, bool transposed, long ld, bool tf32)
{
    return {values, transposed ? ld : 1, transposed ? 1 : ld, tf32};
}

// Slices of `width` rows, zeros behind the last, all values of an inner index beside each other.
inline void pack(const Operand& from, long first, long count, long inner, long depth, long width, bool by_column, bool forwards, float* to)
{
    for (long slice = 0; slice < count; slice += width)
    {
        for (long p = 0; p < depth; p++)
        {
            long at = inner + (forwards ? p : depth - 1 - p);
            for (long i = 0; i < width; i++)
            {
                *to++ = slice + i >= count ? 0.0f : by_column ? from.at(at, first + slice + i) : from.at(first + slice + i, at);
            }
        }
    }
}

// 16 x 6 sums.
inline void tile(const float* a, const float* b, long depth, float* sums)
{
    Lanes s[COLUMNS][2] = {};
    for (long p = 0; p < depth; p++, a += ROWS, b += COLUMNS)
    {
        Lanes a0 = *(const Lanes*)a, a1 = *(const Lanes*)(a + LANES);
#pragma GCC unroll 6
        for (long j = 0; j < COLUMNS; j++)
        {
            s[j][0] += a0 * b[j];
            s[j][1] += a1 * b[j];
        }
    }
    memcpy(sums, s, sizeof s);
}
}

inline void host_gemm(bool a_transposed, bool b_transposed, long m, long n, long k, float alpha, const float* A, long lda, const float* B,
    long ldb, float beta, float* C, long ldc, bool tf32, bool forwards = false)
{
    using namespace gemm;
    Operand left = operand(A, a_transposed, lda, tf32), right = operand(B, b_transposed, ldb, tf32);
    for (long j = 0; j < n; j++)
    {
        for (long i = 0; i < m; i++) { C[j * ldc + i] = beta == 0.0f ? 0.0f : beta * C[j * ldc + i]; }
    }
    std::vector<float> a(BLOCK * DEPTH), b((n + COLUMNS - 1) / COLUMNS * COLUMNS * DEPTH), sums(ROWS * COLUMNS);
    for (long inner = 0; inner < k; inner += DEPTH)
    {
        long depth = std::min(DEPTH, k - inner);
        pack(right, 0, n, inner, depth, COLUMNS, true, forwards, b.data());
        for (long top = 0; top < m; top += BLOCK)
        {
            long rows = std::min(BLOCK, m - top);
            pack(left, top, rows, inner, depth, ROWS, false, forwards, a.data());
            for (long j = 0; j < n; j += COLUMNS)
            {
                for (long i = 0; i < rows; i += ROWS)
                {
                    tile(&a[i * depth], &b[j * depth], depth, sums.data());
                    for (long c = 0; c < std::min(COLUMNS, n - j); c++)
                    {
                        float* to = C + (j + c) * ldc + top + i;
                        for (long r = 0; r < std::min(ROWS, rows - i); r++) { to[r] += alpha * sums[c * ROWS + r]; }
                    }
                }
            }
        }
    }
}
