// Winograd's F(4x4, 3x3) with the points 0, +-sqrt(1/2), +-sqrt(2) and infinity (A. Lavin, S. Gray, arXiv 1509.09308; why these points: WinogradTransform in the
// engine): a tile of 4x4 outputs takes 36 multiplications for each pair of channels instead of 144. Around the products, which are matrix products [outputs, inputs] by
// [inputs, tiles] for each of the 36 points, stand these transforms, a thread a channel of a tile. Tiles are numbered through all images, row by row; a launch
// has those from `first` on. Bound by memory, or by the second-level cache if the tiles of a launch fit: 4 * 52 bytes a channel of a tile, 2.1 to 2.3 TB/s on an H100 SXM.
#include "common.cuh"

#define A 0.70710678118654752f
#define B 1.41421356237309505f

// Six values by the matrix B of the points' polynomials.
__device__ static void transform_inputs(float d0, float d1, float d2, float d3, float d4, float d5, float* v, int step)
{
    float even_a = fmaf(-2.0f, d2, d4), odd_a = fmaf(-2.0f, d1, d3), even_b = fmaf(-0.5f, d2, d4), odd_b = fmaf(-0.5f, d1, d3);
    v[0] = fmaf(-2.5f, d2, d0 + d4);
    v[step] = fmaf(A, odd_a, even_a);
    v[2 * step] = fmaf(-A, odd_a, even_a);
    v[3 * step] = fmaf(B, odd_b, even_b);
    v[4 * step] = fmaf(-B, odd_b, even_b);
    v[5 * step] = fmaf(-2.5f, d3, d1 + d5);
}

// Six values by the matrix A of the points' powers.
__device__ static void transform_outputs(float m0, float m1, float m2, float m3, float m4, float m5, float* y, int step)
{
    float even_a = m1 + m2, odd_a = m1 - m2, even_b = m3 + m4, odd_b = m3 - m4;
    y[0] = m0 + even_a + even_b;
    y[step] = fmaf(B, odd_b, A * odd_a);
    y[2 * step] = fmaf(2.0f, even_b, 0.5f * even_a);
    y[3 * step] = fmaf(2.0f * B, odd_b, fmaf(0.5f * A, odd_a, m5));
}

// Three taps by the matrix G, in float64.
__device__ static void transform_taps(double g0, double g1, double g2, double* u, int step)
{
    const double a = 0.70710678118654752440, b = 1.41421356237309504880;
    double even_a = (g0 + 0.5 * g2) / -1.5, odd_a = a * g1 / -1.5, even_b = (g0 + 2.0 * g2) / 6.0, odd_b = b * g1 / 6.0;
    u[0] = g0;
    u[step] = even_a + odd_a;
    u[2 * step] = even_a - odd_a;
    u[3 * step] = even_b + odd_b;
    u[4 * step] = even_b - odd_b;
    u[5 * step] = g2;
}

// u[36][outputs][inputs] from filters w[outputs][inputs][3][3]; for the gradient u[36][inputs][outputs] from the same filters turned by half a turn.
KERNEL winograd_filters(const float* w, float* u, int outputs, int inputs, int gradient)
{
    offset count = (offset)outputs * inputs;
    FOR_EACH(i, count)
    {
        int columns = gradient ? outputs : inputs, row = (int)i / columns, column = (int)i % columns;
        const float* taps = w + (gradient ? (offset)column * inputs + row : i) * 9;
        double half[18], whole[6];
        for (int b = 0; b < 3; b++)
        {
            int first = gradient ? 8 - b : b, next = gradient ? -3 : 3;
            transform_taps(taps[first], taps[first + next], taps[first + 2 * next], half + b, 3);
        }
        for (int a = 0; a < 6; a++)
        {
            transform_taps(half[3 * a], half[3 * a + 1], half[3 * a + 2], whole, 1);
            for (int b = 0; b < 6; b++) { u[(6 * a + b) * count + i] = (float)whole[b]; }
        }
    }
}

// v[36][channels][tiles] from images x[N][channels][H][W]; top and left of padding. Tiles from `all` on are zeros.
KERNEL winograd_inputs(
    const float* x, float* v, int channels, int H, int W, int top, int left, int rows, int columns, int first, int tiles, int all)
{
    offset count = (offset)channels * tiles;
    FOR_EACH(i, count)
    {
        int channel = (int)i / tiles, tile = first + (int)i % tiles;
        int image = tile / (rows * columns), row = tile / columns % rows * 4 - top, column = tile % columns * 4 - left;
        const float* plane = x + ((offset)image * channels + channel) * H * W;
        float half[36], whole[6];
        for (int a = 0; a < 6; a++)
        {
            float d[6];
            for (int b = 0; b < 6; b++)
            {
                bool is_there = tile < all && row + a >= 0 && row + a < H && column + b >= 0 && column + b < W;
                d[b] = is_there ? plane[(row + a) * W + column + b] : 0.0f;
            }
            transform_inputs(d[0], d[1], d[2], d[3], d[4], d[5], half + 6 * a, 1);
        }
        for (int b = 0; b < 6; b++)
        {
            transform_inputs(half[b], half[6 + b], half[12 + b], half[18 + b], half[24 + b], half[30 + b], whole, 1);
            for (int a = 0; a < 6; a++) { v[(6 * a + b) * count + i] = whole[a]; }
        }
    }
}

// y[N][channels][H][W] from m[36][channels][tiles], and what an epilogue makes of it.
template <bool has_bias, bool rectifies>
__device__ static void outputs(const float* m, const float* bias, float* y, int channels, int H, int W, int rows, int columns, int first, int tiles, int all)
{
    offset count = (offset)channels * tiles;
    FOR_EACH(i, count)
    {
        int channel = (int)i / tiles, tile = first + (int)i % tiles;
        if (tile >= all) { continue; }
        int image = tile / (rows * columns), row = tile / columns % rows * 4, column = tile % columns * 4;
        float half[24], whole[16];
        for (int b = 0; b < 6; b++)
        {
            float p[6];
            for (int a = 0; a < 6; a++) { p[a] = m[(6 * a + b) * count + i]; }
            transform_outputs(p[0], p[1], p[2], p[3], p[4], p[5], half + b, 6);
        }
        float add = has_bias ? bias[channel] : 0.0f;
        for (int a = 0; a < 4; a++)
        {
            transform_outputs(half[6 * a], half[6 * a + 1], half[6 * a + 2], half[6 * a + 3], half[6 * a + 4], half[6 * a + 5], whole + 4 * a, 1);
            for (int b = 0; b < 4; b++)
            {
                float value = has_bias ? whole[4 * a + b] + add : whole[4 * a + b];
                whole[4 * a + b] = rectifies ? rectified(value) : value;
            }
        }
        float* to = y + (((offset)image * channels + channel) * H + row) * W + column;
        for (int a = 0; a < 4; a++)
        {
            // The first row and column of a tile are always there.
            if (a > 0 && row + a >= H) { break; }
            if (W % 4 == 0)
            {
                float4 values = {whole[4 * a], whole[4 * a + 1], whole[4 * a + 2], whole[4 * a + 3]};
                *(float4*)(to + a * W) = values;
                continue;
            }
            for (int b = 0; b < 4; b++)
            {
                if (b == 0 || column + b < W) { to[a * W + b] = whole[4 * a + b]; }
            }
        }
    }
}

KERNEL winograd_outputs(const float* m, float* y, int channels, int H, int W, int rows, int columns, int first, int tiles, int all)
{
    outputs<false, false>(m, nullptr, y, channels, H, W, rows, columns, first, tiles, all);
}

KERNEL winograd_outputs_bias(
    const float* m, const float* bias, float* y, int channels, int H, int W, int rows, int columns, int first, int tiles, int all)
{
    outputs<true, false>(m, bias, y, channels, H, W, rows, columns, first, tiles, all);
}

KERNEL winograd_outputs_bias_relu(
    const float* m, const float* bias, float* y, int channels, int H, int W, int rows, int columns, int first, int tiles, int all)
{
    outputs<true, true>(m, bias, y, channels, H, W, rows, columns, first, tiles, all);
}
