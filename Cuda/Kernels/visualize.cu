// Feature visualisation: colours, bilinear sampling through an affine map and its adjoint, Adam. Bound by memory and, at one image of
// 224x224 (0.6 MB), by the launch: 4 to 9 us on an H100 SXM, but 71 for the adjoint of sampling. The Fourier transform of the parametrisation is a product of matrices.
#include "common.cuh"

// rgb = 1 / (1 + exp(-M t)) of planes t [images, 3, plane] with the 3x3 matrix M in row order.
KERNEL colors_forward(const float* planes, const float* matrix, float* colors, int plane, offset pixels)
{
    FOR_EACH(i, pixels)
    {
        offset first = i / plane * 3 * plane + i % plane;
        float a = planes[first], b = planes[first + plane], c = planes[first + (offset)2 * plane];
        for (int k = 0; k < 3; k++)
        {
            float z = matrix[3 * k] * a + matrix[3 * k + 1] * b + matrix[3 * k + 2] * c;
            colors[first + (offset)k * plane] = 1.0f / (1.0f + expf(-z));
        }
    }
}

// The gradient by the planes from that by the colours, and the colours themselves.
KERNEL colors_backward(const float* colors, const float* R, const float* matrix, float* planes, int plane, offset pixels)
{
    FOR_EACH(i, pixels)
    {
        offset first = i / plane * 3 * plane + i % plane;
        float sums[3] = {0.0f, 0.0f, 0.0f};
        for (int k = 0; k < 3; k++)
        {
            float rgb = colors[first + (offset)k * plane], z = R[first + (offset)k * plane] * rgb * (1.0f - rgb);
            for (int j = 0; j < 3; j++) { sums[j] += matrix[3 * k + j] * z; }
        }
        for (int j = 0; j < 3; j++) { planes[first + (offset)j * plane] = sums[j]; }
    }
}

// The pixel at or before a place, the step to the one behind it, and the shares of the two; one that is not there has no share. Outside lies grey, or the edge.
__device__ static int place_of(double at, int length, bool grey, int* step, double* first_share, double* second_share)
{
    if (!grey) { at = min(max(at, 0.0), (double)(length - 1)); }
    double below = floor(at), second = at - below;
    *step = 0;
    *first_share = 0.0;
    *second_share = 0.0;
    if (below < -1.0 || below >= (double)length) { return 0; }
    int first = (int)below;
    if (first < 0)
    {
        *second_share = second;
        return 0;
    }
    *first_share = 1.0 - second;
    if (first == length - 1) { return first; }
    *step = 1;
    *second_share = second;
    return first;
}

// Images of H x W seen through (x, y) -> (xx x + xy y + x0, yx x + yy y + y0), which goes from places in the result, h x w, to places in the source; pixels'
// centres are at one half. grey is 1 if grey lies outside, 0 for the nearest pixel. A grid of planes of the result.
KERNEL sample_forward(const float* source, float* result, int H, int W, int h, int w, double xx, double xy, double x0, double yx, double yy, double y0, int grey)
{
    const float* from = source + (offset)PLANE(h * w) * H * W;
    float* to = result + (offset)PLANE(h * w) * h * w;
    FOR_EACH_OF_PLANE(i, h * w)
    {
        double x = i % w + 0.5, y = i / w + 0.5, a, b, c, d;
        int across, down;
        int left = place_of(xx * x + xy * y + x0 - 0.5, W, grey != 0, &across, &a, &b);
        int top = place_of(yx * x + yy * y + y0 - 0.5, H, grey != 0, &down, &c, &d);
        int at = top * W + left, below = at + down * W;
        to[i] = (float)(c * a) * from[at] + (float)(c * b) * from[at + across] + (float)(d * a) * from[below] + (float)(d * b) * from[below + across]
            + (float)(0.5 * (1.0 - (c + d) * (a + b)));
    }
}

// The adjoint of sample_forward: each pixel of the source sums what every pixel of the result took from it, in the result's order. Only results in the box are
// looked at in which the inverse map (ix: xx, xy, x0; iy) of the pixel's surroundings lies; for the edge of an edge-repeated image these reach to infinity.
KERNEL sample_backward(const float* R, float* gradient, int H, int W, int h, int w, double xx, double xy, double x0, double yx, double yy, double y0, int grey)
{
    const float* from = R + (offset)PLANE(H * W) * h * w;
    float* to = gradient + (offset)PLANE(H * W) * H * W;
    double determinant = xx * yy - xy * yx;
    FOR_EACH_OF_PLANE(i, H * W)
    {
        int column = i % W, row = i / W, left = 0, right = w - 1, top = 0, bottom = h - 1;
        bool edge = grey == 0 && (column == 0 || column == W - 1 || row == 0 || row == H - 1);
        if (!edge && determinant != 0.0)
        {
            // The corners of the square of two pixels about this one's centre, taken back.
            double least_x = 1e300, most_x = -1e300, least_y = 1e300, most_y = -1e300;
            for (int corner = 0; corner < 4; corner++)
            {
                double u = column + 0.5 + (corner % 2 == 0 ? -1.0 : 1.0) - x0, v = row + 0.5 + (corner / 2 == 0 ? -1.0 : 1.0) - y0;
                double x = (yy * u - xy * v) / determinant, y = (xx * v - yx * u) / determinant;
                least_x = min(least_x, x);
                most_x = max(most_x, x);
                least_y = min(least_y, y);
                most_y = max(most_y, y);
            }
            left = (int)max(0.0, floor(least_x - 1.0));
            right = (int)min((double)(w - 1), ceil(most_x));
            top = (int)max(0.0, floor(least_y - 1.0));
            bottom = (int)min((double)(h - 1), ceil(most_y));
        }
        float sum = 0.0f;
        for (int j = top; j <= bottom; j++)
        {
            for (int k = left; k <= right; k++)
            {
                double x = k + 0.5, y = j + 0.5, a, b, c, d;
                int across, down;
                int first = place_of(xx * x + xy * y + x0 - 0.5, W, grey != 0, &across, &a, &b);
                int upper = place_of(yx * x + yy * y + y0 - 0.5, H, grey != 0, &down, &c, &d);
                float r = from[j * w + k];
                if (upper == row && first == column) { sum += (float)(c * a) * r; }
                if (upper == row && first + across == column) { sum += (float)(c * b) * r; }
                if (upper + down == row && first == column) { sum += (float)(d * a) * r; }
                if (upper + down == row && first + across == column) { sum += (float)(d * b) * r; }
            }
        }
        to[i] = sum;
    }
}

// One step of Adam, upwards; scale = rate / (1 - beta1^t), root = 1 / sqrt(1 - beta2^t). In float64 but for what is kept, as on the CPU.
// D. Kingma, J. Ba, ICLR 2015, algorithm 1.
KERNEL adam_step(float* parameters, const float* gradient, float* mean, float* square, double scale, double root, double beta1, double beta2, double epsilon, offset n)
{
    FOR_EACH(i, n)
    {
        double g = gradient[i], m = beta1 * mean[i] + (1.0 - beta1) * g, v = beta2 * square[i] + (1.0 - beta2) * g * g;
        mean[i] = (float)m;
        square[i] = (float)v;
        parameters[i] += (float)(scale * m / (sqrt(v) * root + epsilon));
    }
}
