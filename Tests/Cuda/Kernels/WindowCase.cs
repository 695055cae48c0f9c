using Interp.Cuda.Driver;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>A sliding window over planes of H×W: its size, stride, padding and dilation in both directions, and the outputs h×w.</summary>
internal sealed record WindowCase(int H, int W, (int H, int W) Kernel, (int H, int W) Stride, (int H, int W) Padding,
    (int H, int W) Dilation)
{
    /// <summary>Sizes with remainders, strides beyond the window, holes, and planes of more than one block.</summary>
    internal static readonly WindowCase[] Convolutions =
    [
        new(7, 5, (3, 3), (1, 1), (1, 1), (1, 1)),
        new(10, 9, (3, 2), (2, 3), (1, 0), (1, 2)),
        new(6, 7, (1, 1), (3, 2), (0, 0), (1, 1)),
        new(5, 12, (2, 9), (1, 1), (0, 3), (1, 1)),
        new(5, 12, (2, 7), (1, 1), (0, 0), (1, 1)),
        new(5, 12, (2, 8), (1, 1), (1, 1), (1, 1)),
        new(12, 13, (6, 7), (1, 2), (3, 2), (1, 1)),
        new(2, 512, (3, 3), (1, 1), (1, 1), (1, 1)),
        new(2, 1024, (3, 3), (1, 1), (1, 1), (1, 1)),
        new(60, 60, (3, 3), (1, 1), (1, 1), (1, 1)),
    ];

    /// <summary>As for convolutions, with padding of at most half the window, or more of it than a window has values.</summary>
    internal static readonly WindowCase[] Pools =
    [
        new(8, 6, (2, 2), (2, 2), (0, 0), (1, 1)),
        new(9, 7, (3, 2), (2, 1), (1, 1), (1, 1)),
        new(11, 12, (3, 3), (2, 3), (1, 1), (2, 2)),
        new(4, 3, (2, 2), (1, 3), (2, 2), (1, 1)),
        new(11, 9, (2, 2), (3, 2), (0, 0), (1, 1)),
        new(20, 17, (7, 9), (1, 1), (3, 4), (1, 1)),
        new(2, 512, (1, 4), (1, 4), (0, 0), (1, 1)),
        new(2, 1024, (3, 3), (1, 1), (1, 1), (1, 1)),
        new(60, 60, (2, 2), (1, 1), (0, 0), (1, 1)),
    ];

    /// <summary>The same planes under windows of no rows or no columns.</summary>
    internal IEnumerable<WindowCase> Empty => [this with { Kernel = (0, Kernel.W) }, this with { Kernel = (Kernel.H, 0) }];

    internal int h => ((H + (2 * Padding.H) - (Dilation.H * (Kernel.H - 1)) - 1) / Stride.H) + 1;

    internal int w => ((W + (2 * Padding.W) - (Dilation.W * (Kernel.W - 1)) - 1) / Stride.W) + 1;

    /// <summary>The kernels' arguments, in their order.</summary>
    internal KernelArgument[] Arguments =>
        [H, W, h, w, Kernel.H, Kernel.W, Stride.H, Stride.W, Padding.H, Padding.W, Dilation.H, Dilation.W];

    /// <summary>The place in its plane that output (i, j) sees at (a, b) of the window; -1 for padding.</summary>
    internal int Place(int i, int j, int a, int b)
    {
        int row = (i * Stride.H) - Padding.H + (a * Dilation.H), column = (j * Stride.W) - Padding.W + (b * Dilation.W);
        return row >= 0 && row < H && column >= 0 && column < W ? (row * W) + column : -1;
    }

    public override string ToString() => $"{H}x{W}, window {Kernel}, stride {Stride}, padding {Padding}, dilation {Dilation}";
}
