using Interp.Engine.Layers;

namespace Interp.Engine.Reference.Kernels;

/// <summary>
/// The sum in <see cref="Conv2d"/>'s definition, and its transpose: each output hands its gradient, times the weight, to each input that it
/// read.
/// </summary>
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
                        y[n, k, i, j] = (layer.Bias ? weights[1][k] : 0) + Read(layer, x, weights[0], n, k, i, j);
                    }
                }
            }
        }
    }

    internal static void Backward(Conv2d layer, Tensor64 upstream, float[] weight, Tensor64 gradient)
    {
        for (int n = 0; n < upstream.N; n++)
        {
            for (int k = 0; k < upstream.C; k++)
            {
                for (int i = 0; i < upstream.H; i++)
                {
                    for (int j = 0; j < upstream.W; j++)
                    {
                        HandDown(layer, upstream[n, k, i, j], weight, gradient, n, k, i, j);
                    }
                }
            }
        }
    }

    private static double Read(Conv2d layer, Tensor64 x, float[] weight, int n, int k, int i, int j)
    {
        ((int kh, int kw), Size2 stride, Size2 padding, (int dh, int dw)) = layer.Window; // its padding in numbers
        int channels = layer.InChannels / layer.Groups;
        int first = k / (layer.OutChannels / layer.Groups) * channels;
        int top = i * stride.H - padding.H;
        int left = j * stride.W - padding.W;
        double sum = 0;
        for (int c = 0; c < channels; c++)
        {
            for (int p = 0; p < kh; p++)
            {
                int row = top + p * dh;
                for (int q = 0; q < kw; q++)
                {
                    int column = left + q * dw;
                    if (row >= 0 && row < x.H && column >= 0 && column < x.W)
                    {
                        sum += weight[((k * channels + c) * kh + p) * kw + q] * x[n, first + c, row, column];
                    }
                }
            }
        }

        return sum;
    }

    private static void HandDown(Conv2d layer, double upstream, float[] weight, Tensor64 gradient, int n, int k, int i, int j)
    {
        ((int kh, int kw), Size2 stride, Size2 padding, (int dh, int dw)) = layer.Window; // its padding in numbers
        int channels = layer.InChannels / layer.Groups;
        int first = k / (layer.OutChannels / layer.Groups) * channels;
        int top = i * stride.H - padding.H;
        int left = j * stride.W - padding.W;
        for (int c = 0; c < channels; c++)
        {
            for (int p = 0; p < kh; p++)
            {
                int row = top + p * dh;
                for (int q = 0; q < kw; q++)
                {
                    int column = left + q * dw;
                    if (row >= 0 && row < gradient.H && column >= 0 && column < gradient.W)
                    {
                        gradient[n, first + c, row, column] += weight[((k * channels + c) * kh + p) * kw + q] * upstream;
                    }
                }
            }
        }
    }
}
