namespace Interp.Engine.Reference.Kernels;

/// <summary>p[c] = exp(z[c] − max z) / Σ_j exp(z[j] − max z) for each row; backward p[c] · (R[c] − Σ_j p[j]·R[j]).</summary>
internal static class SoftmaxKernel
{
    internal static void Forward(Tensor64 z, Tensor64 p)
    {
        for (int n = 0; n < z.N; n++)
        {
            double largest = double.NegativeInfinity;
            for (int c = 0; c < z.C; c++)
            {
                largest = Math.Max(largest, z[n, c]);
            }

            double sum = 0;
            for (int c = 0; c < z.C; c++)
            {
                sum += p[n, c] = Math.Exp(z[n, c] - largest);
            }

            for (int c = 0; c < z.C; c++)
            {
                p[n, c] /= sum;
            }
        }
    }

    internal static void Backward(Tensor64 p, Tensor64 upstream, Tensor64 gradient)
    {
        for (int n = 0; n < p.N; n++)
        {
            double mean = 0;
            for (int c = 0; c < p.C; c++)
            {
                mean += p[n, c] * upstream[n, c];
            }

            for (int c = 0; c < p.C; c++)
            {
                gradient[n, c] += p[n, c] * (upstream[n, c] - mean);
            }
        }
    }
}
