using Interp.Engine.Layers;

namespace Interp.Engine.Reference.Kernels;

/// <summary>The mean of each window; backward spreads each gradient evenly over the part of its window that lies in the image.</summary>
internal static class AvgPool2dKernel
{
    internal static void Forward(AvgPool2d layer, Tensor64 x, Tensor64 y)
    {
        for (int i = 0; i < y.H; i++)
        {
            for (int j = 0; j < y.W; j++)
            {
                var cell = new Cell(layer, x, i, j);
                foreach ((int n, int c) in Planes(y))
                {
                    double sum = 0;
                    for (int row = cell.Top; row < cell.Bottom; row++)
                    {
                        for (int column = cell.Left; column < cell.Right; column++)
                        {
                            sum += x[n, c, row, column];
                        }
                    }

                    y[n, c, i, j] = sum / cell.Count;
                }
            }
        }
    }

    internal static void Backward(AvgPool2d layer, Tensor64 upstream, Tensor64 gradient)
    {
        for (int i = 0; i < upstream.H; i++)
        {
            for (int j = 0; j < upstream.W; j++)
            {
                var cell = new Cell(layer, gradient, i, j);
                foreach ((int n, int c) in Planes(upstream))
                {
                    for (int row = cell.Top; row < cell.Bottom; row++)
                    {
                        for (int column = cell.Left; column < cell.Right; column++)
                        {
                            gradient[n, c, row, column] += upstream[n, c, i, j] / cell.Count;
                        }
                    }
                }
            }
        }
    }

    private static IEnumerable<(int N, int C)> Planes(Tensor64 y) =>
        from n in Enumerable.Range(0, y.N) from c in Enumerable.Range(0, y.C) select (n, c);

    /// <summary>The part of one output's window that lies in the image, and by how much its sum is divided.</summary>
    private readonly struct Cell
    {
        public Cell(AvgPool2d layer, Tensor64 x, int i, int j)
        {
            Window window = layer.Window.At(x.H, x.W);
            Size2 end = window.PaddingEnd ?? window.Padding;
            int top = i * window.Stride.H - window.Padding.H, left = j * window.Stride.W - window.Padding.W;
            int bottom = Math.Min(top + window.Kernel.H, x.H + end.H), right = Math.Min(left + window.Kernel.W, x.W + end.W);
            (Top, Left, Bottom, Right) = (Math.Max(top, 0), Math.Max(left, 0), Math.Min(bottom, x.H), Math.Min(right, x.W));
            Count = layer.CountPadding ? (bottom - top) * (right - left) : (Bottom - Top) * (Right - Left);
        }

        public int Top { get; }

        public int Left { get; }

        public int Bottom { get; }

        public int Right { get; }

        public int Count { get; }
    }
}
