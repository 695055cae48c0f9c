using Interp.Engine.Common;

namespace Interp.Engine.Layers;

/// <summary>A pair of sizes along height and width.</summary>
public readonly record struct Size2(int H, int W)
{
    /// <summary>The same size along both axes.</summary>
    public static Size2 Square(int size) => new(size, size);
}

/// <summary>How a kernel slides over an image: shared by convolutions and pools.</summary>
/// <param name="Kernel">Taps along each axis.</param>
/// <param name="Stride">Step between two outputs.</param>
/// <param name="Padding">Rows and columns added on each side: zeros for convolutions, -∞ for max-pools.</param>
/// <param name="Dilation">Distance between two taps.</param>
public readonly record struct Window(Size2 Kernel, Size2 Stride, Size2 Padding, Size2 Dilation)
{
    /// <summary>A square window without dilation.</summary>
    public static Window Square(int kernel, int stride = 1, int padding = 0, int dilation = 1) =>
        new(Size2.Square(kernel), Size2.Square(stride), Size2.Square(padding), Size2.Square(dilation));

    /// <summary>
    /// Output sizes: ⌊(size + 2·padding − dilation·(kernel−1) − 1) / stride⌋ + 1, or with the quotient rounded up, where (as in PyTorch) a
    /// last window
    /// that would start in the right-hand padding is dropped.
    /// </summary>
    /// <exception cref="ModelException">The window does not fit into the padded input.</exception>
    public Size2 Output(string kind, int height, int width, bool ceil = false) => new(
        Length(kind, height, Kernel.H, Stride.H, Padding.H, Dilation.H, ceil),
        Length(kind, width, Kernel.W, Stride.W, Padding.W, Dilation.W, ceil));

    internal void Validate(string kind)
    {
        if (Kernel.H < 1 || Kernel.W < 1 || Stride.H < 1 || Stride.W < 1 || Padding.H < 0 || Padding.W < 0 || Dilation.H < 1
            || Dilation.W < 1)
        {
            throw new ModelException($"{kind}: kernel, stride and dilation must be at least 1 and padding at least 0, found {this}");
        }
    }

    private static int Length(string kind, int size, int kernel, int stride, int padding, int dilation, bool ceil)
    {
        long room = size + 2L * padding - (long)dilation * (kernel - 1) - 1;
        if (room < 0)
        {
            throw new ModelException(
                $"{kind}: a kernel of {kernel} with dilation {dilation} does not fit into {size} with padding {padding}");
        }

        long length = (ceil ? (room + stride - 1) / stride : room / stride) + 1;
        if (ceil && (length - 1) * stride >= size + padding)
        {
            length--;
        }

        return checked((int)length);
    }
}
