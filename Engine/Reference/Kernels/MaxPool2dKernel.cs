using Interp.Engine.Layers;

namespace Interp.Engine.Reference.Kernels;

/// <summary>The largest value of each window; backward goes to where it stood.</summary>
internal static class MaxPool2dKernel
{
    /// <summary>
    /// Returns the switches: for each output the place of its maximum in the input plane, row·width + column, or −1 where the window lies
    /// wholly in the padding. The first of equal values wins; a NaN beats everything before it, as in PyTorch.
    /// </summary>
    internal static int[] Forward(MaxPool2d layer, Tensor64 x, Tensor64 y)
    {
        Window window = layer.Window.At(x.H, x.W);
        var switches = new int[y.Values.Length];
        int output = 0;
        for (int n = 0; n < y.N; n++)
        {
            for (int c = 0; c < y.C; c++)
            {
                for (int i = 0; i < y.H; i++)
                {
                    for (int j = 0; j < y.W; j++)
                    {
                        int place = Largest(window, x, n, c, i, j);
                        switches[output++] = place;
                        y[n, c, i, j] = place < 0 ? double.NegativeInfinity : x[n, c, place / x.W, place % x.W];
                    }
                }
            }
        }

        return switches;
    }

    internal static void Backward(int[] switches, Tensor64 upstream, Tensor64 gradient)
    {
        int output = 0;
        for (int n = 0; n < upstream.N; n++)
        {
            for (int c = 0; c < upstream.C; c++)
            {
                for (int i = 0; i < upstream.H; i++)
                {
                    for (int j = 0; j < upstream.W; j++)
                    {
                        int place = switches[output++];
                        if (place >= 0)
                        {
                            gradient[n, c, place / gradient.W, place % gradient.W] += upstream[n, c, i, j];
                        }
                    }
                }
            }
        }
    }

    private static int Largest(Window window, Tensor64 x, int n, int c, int i, int j)
    {
        int place = -1;
        double best = double.NegativeInfinity;
        for (int p = 0; p < window.Kernel.H; p++)
        {
            int row = i * window.Stride.H - window.Padding.H + p * window.Dilation.H;
            for (int q = 0; q < window.Kernel.W; q++)
            {
                int column = j * window.Stride.W - window.Padding.W + q * window.Dilation.W;
                if (row < 0 || row >= x.H || column < 0 || column >= x.W)
                {
                    continue;
                }

                double value = x[n, c, row, column];
                if (place < 0 || value > best || double.IsNaN(value))
                {
                    best = value;
                    place = row * x.W + column;
                }
            }
        }

        return place;
    }
}
