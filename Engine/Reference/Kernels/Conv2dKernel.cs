using Interp.Engine.Layers;

namespace Interp.Engine.Reference.Kernels;

/// <summary>The sum in <see cref="Conv2d"/>'s definition, and its transpose.</summary>
internal static class Conv2dKernel
{
    internal static void Forward(Conv2d layer, Tensor64 x, float[][] weights, Tensor64 y)
    {
        for (int n = 0; n < y.N; n++)
        {
            for (int k = 0; k < y.C; k++)
            {
                for (int i = 0; i < y.H; i++)
                {
                    for (int j = 0; j < y.W; j++)
                    {
                        y[n, k, i, j] = (layer.Bias ? weights[1][k] : 0) + Sum(layer, x, weights[0], n, k, i, j);
                    }
                }
            }
        }
    }

    /// <summary>Each output hands its gradient, times the weight, back to each input that it read.</summary>
    internal static void Backward(Conv2d layer, Tensor64 upstream, float[] weight, Tensor64 gradient)
    {
        Window window = layer.Window;
        int channels = layer.InChannels / layer.Groups;
        for (int n = 0; n < upstream.N; n++)
        {
            for (int k = 0; k < upstream.C; k++)
            {
                int first = k / (layer.OutChannels / layer.Groups) * channels;
                for (int i = 0; i < upstream.H; i++)
                {
                    for (int j = 0; j < upstream.W; j++)
                    {
                        double r = upstream[n, k, i, j];
                        for (int c = 0; c < channels; c++)
                        {
                            for (int p = 0; p < window.Kernel.H; p++)
                            {
                                int row = i * window.Stride.H - window.Padding.H + p * window.Dilation.H;
                                if (row < 0 || row >= gradient.H)
                                {
                                    continue;
                                }

                                for (int q = 0; q < window.Kernel.W; q++)
                                {
                                    int column = j * window.Stride.W - window.Padding.W + q * window.Dilation.W;
                                    if (column >= 0 && column < gradient.W)
                                    {
                                        gradient[n, first + c, row, column] += weight[Index(layer, k, c, p, q)] * r;
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private static double Sum(Conv2d layer, Tensor64 x, float[] weight, int n, int k, int i, int j)
    {
        Window window = layer.Window;
        int channels = layer.InChannels / layer.Groups;
        int first = k / (layer.OutChannels / layer.Groups) * channels;
        double sum = 0;
        for (int c = 0; c < channels; c++)
        {
            for (int p = 0; p < window.Kernel.H; p++)
            {
                int row = i * window.Stride.H - window.Padding.H + p * window.Dilation.H;
                if (row < 0 || row >= x.H)
                {
                    continue;
                }

                for (int q = 0; q < window.Kernel.W; q++)
                {
                    int column = j * window.Stride.W - window.Padding.W + q * window.Dilation.W;
                    if (column >= 0 && column < x.W)
                    {
                        sum += weight[Index(layer, k, c, p, q)] * x[n, first + c, row, column];
                    }
                }
            }
        }

        return sum;
    }

    private static long Index(Conv2d layer, int k, int c, int p, int q) =>
        (((long)k * (layer.InChannels / layer.Groups) + c) * layer.Window.Kernel.H + p) * layer.Window.Kernel.W + q;
}
