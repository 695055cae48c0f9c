// Pooling, grids of planes. Bound by memory: max pooling 2x2 of stride 2 forward 4 bytes read and 2 written an input value, backward 2 read and 4 written;
// 1.3 TB/s of an H100 SXM's 3.35, backward 0.7, held back by arithmetic on places. Backward kernels gather, so that the order of each sum is fixed and no atomic is needed.
#include "common.cuh"

// The largest value of each window, and where it stood: row * W + column in its plane, or -1 for a window that lies wholly in the padding, whose value is
// -infinity. The first of equal values wins; a NaN beats everything before it.
KERNEL maxpool_forward(const float* x, float* y, int* switches, int H, int W, int h, int w, int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    const float* from = x + (offset)PLANE(h * w) * H * W;
    offset to = (offset)PLANE(h * w) * h * w;
    FOR_EACH_OF_PLANE(i, h * w)
    {
        int top = i / w * sh - ph, left = i % w * sw - pw, place = -1;
        float best = -infinity();
        for (int row = top; row < top + kh * dh; row += dh)
        {
            for (int column = left; column < left + kw * dw; column += dw)
            {
                if (row < 0 || row >= H || column < 0 || column >= W) { continue; }
                float value = from[row * W + column];
                if (place < 0 || value > best || value != value)
                {
                    best = value;
                    place = row * W + column;
                }
            }
        }
        y[to + i] = best;
        switches[to + i] = place;
    }
}

// Each gradient to where the maximum stood: every input value sums those of the windows whose switch names it.
KERNEL maxpool_backward(const float* R, const int* switches, float* r_in, int H, int W, int h, int w, int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    offset from = (offset)PLANE(H * W) * h * w, to = (offset)PLANE(H * W) * H * W;
    FOR_EACH_OF_PLANE(i, H * W)
    {
        int row = i / W + ph, column = i % W + pw;
        int top = max(0, (row - (kh - 1) * dh + sh - 1) / sh), left = max(0, (column - (kw - 1) * dw + sw - 1) / sw);
        float sum = 0.0f;
        for (int a = top; a <= min(h - 1, row / sh); a++)
        {
            for (int b = left; b <= min(w - 1, column / sw); b++)
            {
                if (switches[from + a * w + b] == i) { sum += R[from + a * w + b]; }
            }
        }
        r_in[to + i] = sum;
    }
}

// Output row a of h is the mean of input rows first_of(a) ... last_of(a) - 1 of H, likewise columns.
__device__ static int first_of(int a, int H, int h) { return (int)((offset)a * H / h); }
__device__ static int last_of(int a, int H, int h) { return (int)(((offset)(a + 1) * H + h - 1) / h); }

// Adaptive average pooling.
KERNEL avgpool_forward(const float* x, float* y, int H, int W, int h, int w)
{
    const float* from = x + (offset)PLANE(h * w) * H * W;
    float* to = y + (offset)PLANE(h * w) * h * w;
    FOR_EACH_OF_PLANE(i, h * w)
    {
        int top = first_of(i / w, H, h), bottom = last_of(i / w, H, h), left = first_of(i % w, W, w), right = last_of(i % w, W, w);
        float sum = 0.0f;
        for (int row = top; row < bottom; row++)
        {
            for (int column = left; column < right; column++) { sum += from[row * W + column]; }
        }
        to[i] = sum / (float)((bottom - top) * (right - left));
    }
}

// Each input value gets its share of every mean that it is part of.
KERNEL avgpool_backward(const float* R, float* r_in, int H, int W, int h, int w)
{
    const float* from = R + (offset)PLANE(H * W) * h * w;
    float* to = r_in + (offset)PLANE(H * W) * H * W;
    FOR_EACH_OF_PLANE(i, H * W)
    {
        int row = i / W, column = i % W;
        float sum = 0.0f;
        for (int a = first_of(row, h, H); a < last_of(row, h, H); a++)
        {
            for (int b = first_of(column, w, W); b < last_of(column, w, W); b++)
            {
                int rows = last_of(a, H, h) - first_of(a, H, h), columns = last_of(b, W, w) - first_of(b, W, w);
                sum += from[a * w + b] / (float)(rows * columns);
            }
        }
        to[i] = sum;
    }
}

// What one output of a sliding mean covers along one axis: places first ... last - 1 of the image, and how many are counted; with the padding or without it, but
// never places beyond the padding.
struct Cover
{
    int first, last, count;

    __device__ Cover(int output, int size, int kernel, int stride, int start, int end, int counts_padding)
    {
        int from = output * stride - start, to = min(from + kernel, size + end);
        first = max(from, 0);
        last = min(to, size);
        count = counts_padding ? to - from : last - first;
    }
};

// Average pooling by a window with `ph` rows and `pw` columns of padding before the image, `eh` and `ew` behind it.
KERNEL meanpool_forward(const float* x, float* y, int H, int W, int h, int w, int kh, int kw, int sh, int sw, int ph, int pw, int eh, int ew, int counts_padding)
{
    const float* from = x + (offset)PLANE(h * w) * H * W;
    float* to = y + (offset)PLANE(h * w) * h * w;
    FOR_EACH_OF_PLANE(i, h * w)
    {
        Cover rows(i / w, H, kh, sh, ph, eh, counts_padding), columns(i % w, W, kw, sw, pw, ew, counts_padding);
        float sum = 0.0f;
        for (int row = rows.first; row < rows.last; row++)
        {
            for (int column = columns.first; column < columns.last; column++) { sum += from[row * W + column]; }
        }
        to[i] = sum / (float)(rows.count * columns.count);
    }
}

// Each input value gets its share of every mean that it is part of.
KERNEL meanpool_backward(const float* R, float* r_in, int H, int W, int h, int w, int kh, int kw, int sh, int sw, int ph, int pw, int eh, int ew, int counts_padding)
{
    const float* from = R + (offset)PLANE(H * W) * h * w;
    float* to = r_in + (offset)PLANE(H * W) * H * W;
    FOR_EACH_OF_PLANE(i, H * W)
    {
        int row = i / W + ph, column = i % W + pw;
        int top = max(0, (row - kh + sh) / sh), left = max(0, (column - kw + sw) / sw);
        float sum = 0.0f;
        for (int a = top; a <= min(h - 1, row / sh); a++)
        {
            Cover rows(a, H, kh, sh, ph, eh, counts_padding);
            for (int b = left; b <= min(w - 1, column / sw); b++)
            {
                Cover columns(b, W, kw, sw, pw, ew, counts_padding);
                sum += from[a * w + b] / (float)(rows.count * columns.count);
            }
        }
        to[i] = sum;
    }
}
