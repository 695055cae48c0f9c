// Convolutions as matrix products, for where cuDNN is missing: windows to columns, and the transposed sum back. Bound by memory: each of them moves
// 4 bytes a value of the columns, kh * kw times the image; 1.6 and 0.9 TB/s of an H100 SXM's 3.35. blockIdx.y is the image, x a grid of planes.
#include "common.cuh"

// columns[(c, a, b), (i, j)] = x[c, i * sh - ph + a * dh, j * sw - pw + b * dw], 0 outside. Strides are from image to image; planes are the (c, a, b).
KERNEL im2col(const float* x, float* columns, offset x_stride, offset columns_stride, int H, int W, int h, int w, int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    int tap = (int)PLANE(h * w) % (kh * kw), channel = (int)PLANE(h * w) / (kh * kw);
    const float* from = x + blockIdx.y * x_stride + (offset)channel * H * W;
    float* to = columns + blockIdx.y * columns_stride + (offset)PLANE(h * w) * h * w;
    int top = tap / kw * dh - ph, left = tap % kw * dw - pw;
    FOR_EACH_OF_PLANE(i, h * w)
    {
        int row = i / w * sh + top, column = i % w * sw + left;
        to[i] = row >= 0 && row < H && column >= 0 && column < W ? from[row * W + column] : 0.0f;
    }
}

// The adjoint of im2col: each value of the image sums the columns' values that were read from it. Planes are the channels.
KERNEL col2im(const float* columns, float* x, offset x_stride, offset columns_stride, int H, int W, int h, int w, int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    const float* from = columns + blockIdx.y * columns_stride + (offset)PLANE(H * W) * kh * kw * h * w;
    float* to = x + blockIdx.y * x_stride + (offset)PLANE(H * W) * H * W;
    FOR_EACH_OF_PLANE(i, H * W)
    {
        float sum = 0.0f;
        for (int a = 0; a < kh; a++)
        {
            int row = i / W + ph - a * dh;
            if (row < 0 || row % sh != 0 || row / sh >= h) { continue; }
            for (int b = 0; b < kw; b++)
            {
                int column = i % W + pw - b * dw;
                if (column < 0 || column % sw != 0 || column / sw >= w) { continue; }
                sum += from[(offset)(a * kw + b) * h * w + row / sh * w + column / sw];
            }
        }
        to[i] = sum;
    }
}
