// Maps whose pixels are another map's, or a constant: padding and the nearest neighbour; grids of planes. Bound by memory: 8 bytes a value.
#include "common.cuh"

// Output pixel (i, j) of h x w is input pixel (rows[i], columns[j]) of H x W, or `outside` where one of them is -1.
KERNEL pixels_forward(const float* x, float* y, const int* rows, const int* columns, float outside, int H, int W, int h, int w)
{
    const float* from = x + (offset)PLANE(h * w) * H * W;
    float* to = y + (offset)PLANE(h * w) * h * w;
    FOR_EACH_OF_PLANE(i, h * w)
    {
        int row = rows[i / w], column = columns[i % w];
        to[i] = row < 0 || column < 0 ? outside : from[row * W + column];
    }
}

// Each input pixel adds up the gradients of its copies: those of row r stand in the rows down[down_first[r]] ... down[down_first[r + 1] - 1], likewise columns.
KERNEL pixels_backward(
    const float* R, float* r_in, const int* down_first, const int* down, const int* across_first, const int* across, int H, int W, int h, int w)
{
    const float* from = R + (offset)PLANE(H * W) * h * w;
    float* to = r_in + (offset)PLANE(H * W) * H * W;
    FOR_EACH_OF_PLANE(i, H * W)
    {
        int row = i / W, column = i % W;
        float sum = 0.0f;
        for (int a = down_first[row]; a < down_first[row + 1]; a++)
        {
            for (int b = across_first[column]; b < across_first[column + 1]; b++) { sum += from[down[a] * w + across[b]]; }
        }
        to[i] = sum;
    }
}
