namespace Interp.Engine.Reference.Kernels;

/// <summary>The mean of rows ⌊i·H/h⌋ … ⌈(i+1)·H/h⌉−1 and the like columns; backward spreads each gradient evenly over its window.</summary>
internal static class AdaptiveAvgPool2dKernel
{
    internal static void Forward(Tensor64 x, Tensor64 y)
    {
        foreach (Cell cell in Cells(x, y))
        {
            double sum = 0;
            for (int row = cell.Top; row < cell.Bottom; row++)
            {
                for (int column = cell.Left; column < cell.Right; column++)
                {
                    sum += x[cell.N, cell.C, row, column];
                }
            }

            y[cell.N, cell.C, cell.I, cell.J] = sum / cell.Count;
        }
    }

    internal static void Backward(Tensor64 upstream, Tensor64 gradient)
    {
        foreach (Cell cell in Cells(gradient, upstream))
        {
            double share = upstream[cell.N, cell.C, cell.I, cell.J] / cell.Count;
            for (int row = cell.Top; row < cell.Bottom; row++)
            {
                for (int column = cell.Left; column < cell.Right; column++)
                {
                    gradient[cell.N, cell.C, row, column] += share;
                }
            }
        }
    }

    private static IEnumerable<Cell> Cells(Tensor64 input, Tensor64 output)
    {
        for (int n = 0; n < output.N; n++)
        {
            for (int c = 0; c < output.C; c++)
            {
                for (int i = 0; i < output.H; i++)
                {
                    for (int j = 0; j < output.W; j++)
                    {
                        (int top, int bottom) = (Start(i, input.H, output.H), End(i, input.H, output.H));
                        yield return new Cell(n, c, i, j, top, bottom, Start(j, input.W, output.W), End(j, input.W, output.W));
                    }
                }
            }
        }
    }

    private static int Start(int i, int input, int output) => (int)((long)i * input / output);

    private static int End(int i, int input, int output) => (int)(((i + 1L) * input + output - 1) / output);

    private readonly record struct Cell(int N, int C, int I, int J, int Top, int Bottom, int Left, int Right)
    {
        public int Count => (Bottom - Top) * (Right - Left);
    }
}
