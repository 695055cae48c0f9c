// Variations of an image on their way through a network: points on lines between images, and sums of gradients. Images lie in slots of n
// values, by whose numbers they are named. Bound by memory: 12 bytes a value, and for the sums 12 a gradient's value and 48 a value.
#include "common.cuh"

// points[y] = start + share[y] (end - start) in float64; slots holds start and end of each row, blockIdx.y is the row.
KERNEL line_points(const double* shares, const int* slots, const float* images, float* points, offset n)
{
    const float* starts = images + slots[2 * blockIdx.y] * n;
    const float* ends = images + slots[2 * blockIdx.y + 1] * n;
    double share = shares[blockIdx.y];
    FOR_EACH(i, n)
    {
        double start = starts[i];
        points[blockIdx.y * n + i] = (float)(start + share * (ends[i] - start));
    }
}

// Terms factor (end - start) g, added up in the order of rows; slots holds start and end of each row, and the number of the sample that the row completes, from 1
// on, or 0. Completed sums go into mean and sum of squared distances, and the next one begins at 0. B. P. Welford, Technometrics 4 (1962).
KERNEL add_terms(
    const double* factors, const int* slots, const float* images, const float* gradients, double* sums, double* mean, double* squares, int rows, offset n)
{
#pragma unroll 1
    FOR_EACH(i, n)
    {
        double sum = sums[i], m = mean[i], s = squares[i];
#pragma unroll 1
        for (int row = 0; row < rows; row++)
        {
            float way = images[slots[3 * row + 1] * n + i] - images[slots[3 * row] * n + i];
            sum += factors[row] * ((double)way * gradients[row * n + i]);
            int sample = slots[3 * row + 2];
            if (sample > 0)
            {
                double distance = sum - m;
                m += distance / (double)sample;
                s += distance * (sum - m);
                sum = 0.0;
            }
        }
        sums[i] = sum;
        mean[i] = m;
        squares[i] = s;
    }
}
