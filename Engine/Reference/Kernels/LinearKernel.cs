using Interp.Engine.Layers;

namespace Interp.Engine.Reference.Kernels;

/// <summary>y = W·x + b for each row of the batch, and Wᵀ·R.</summary>
internal static class LinearKernel
{
    internal static void Forward(Linear layer, Tensor64 x, float[][] weights, Tensor64 y)
    {
        for (int n = 0; n < y.N; n++)
        {
            for (int o = 0; o < layer.OutFeatures; o++)
            {
                double sum = layer.Bias ? weights[1][o] : 0;
                for (int i = 0; i < layer.InFeatures; i++)
                {
                    sum += weights[0][(long)o * layer.InFeatures + i] * x[n, i];
                }

                y[n, o] = sum;
            }
        }
    }

    internal static void Backward(Linear layer, Tensor64 upstream, float[] weight, Tensor64 gradient)
    {
        for (int n = 0; n < upstream.N; n++)
        {
            for (int o = 0; o < layer.OutFeatures; o++)
            {
                for (int i = 0; i < layer.InFeatures; i++)
                {
                    gradient[n, i] += weight[(long)o * layer.InFeatures + i] * upstream[n, o];
                }
            }
        }
    }
}
