using System.Text.Json.Serialization;
using Interp.Engine.Common;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>A pair of sizes along height and width.</summary>
public readonly record struct Size2(int H, int W)
{
    /// <summary>The same size along both axes.</summary>
    public static Size2 Square(int size) => new(size, size);
}

/// <summary>How much is added around an image where the file gives a rule instead of numbers: as much as makes the output
/// ⌈size/stride⌉ long.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PaddingRule>))]
public enum PaddingRule
{
    /// <summary>The odd row or column at the end: TensorFlow's and ONNX's default.</summary>
    [JsonStringEnumMemberName("same_upper")]
    SameUpper,

    /// <summary>The odd row or column at the start.</summary>
    [JsonStringEnumMemberName("same_lower")]
    SameLower,
}

/// <summary>How a kernel slides over an image: shared by convolutions and pools.</summary>
/// <param name="Kernel">Taps along each axis.</param>
/// <param name="Stride">Step between two outputs.</param>
/// <param name="Padding">Rows and columns added on each side: zeros for convolutions, -∞ for max-pools.</param>
/// <param name="Dilation">Distance between two taps.</param>
public readonly record struct Window(Size2 Kernel, Size2 Stride, Size2 Padding, Size2 Dilation)
{
    /// <summary>Rows added below and columns added on the right, where they are not <see cref="Padding"/>.</summary>
    public Size2? PaddingEnd { get; init; }

    /// <summary>Padding that depends on the image's size; <see cref="Padding"/> and <see cref="PaddingEnd"/> are then not
    /// looked at.</summary>
    public PaddingRule? PaddingRule { get; init; }

    /// <summary>A square window without dilation.</summary>
    public static Window Square(int kernel, int stride = 1, int padding = 0, int dilation = 1) =>
        new(Size2.Square(kernel), Size2.Square(stride), Size2.Square(padding), Size2.Square(dilation));

    /// <summary>
    /// The same window with its padding in numbers, for an image of that size: <see cref="Padding"/> stands before the first row and
    /// column, <see cref="PaddingEnd"/>, if it differs, behind the last. Kernels work on this form.
    /// </summary>
    public Window At(int height, int width)
    {
        if (PaddingRule is not { } rule)
        {
            return PaddingEnd == Padding ? this with { PaddingEnd = null } : this;
        }

        (int top, int bottom) = Same(rule, height, Kernel.H, Stride.H, Dilation.H);
        (int left, int right) = Same(rule, width, Kernel.W, Stride.W, Dilation.W);
        Size2 start = new(top, left), end = new(bottom, right);
        return this with { Padding = start, PaddingEnd = start == end ? null : end, PaddingRule = null };
    }

    /// <summary>
    /// Output sizes: ⌊(size + padding before and after − dilation·(kernel−1) − 1) / stride⌋ + 1, or with the quotient rounded up, where (as
    /// in PyTorch) a last window that would start in the padding behind the image is dropped.
    /// </summary>
    /// <exception cref="ModelException">The window does not fit into the padded input.</exception>
    public Size2 Output(string kind, int height, int width, bool ceil = false)
    {
        Window at = At(height, width);
        Size2 end = at.PaddingEnd ?? at.Padding;
        return new(
            Length(kind, height, Kernel.H, Stride.H, at.Padding.H, end.H, Dilation.H, ceil),
            Length(kind, width, Kernel.W, Stride.W, at.Padding.W, end.W, Dilation.W, ceil));
    }

    internal void Validate(string kind)
    {
        Size2 end = PaddingEnd ?? Padding;
        if (Kernel.H < 1 || Kernel.W < 1 || Stride.H < 1 || Stride.W < 1 || Padding.H < 0 || Padding.W < 0 || end.H < 0 || end.W < 0
            || Dilation.H < 1 || Dilation.W < 1)
        {
            throw new ModelException($"{kind}: kernel, stride and dilation must be at least 1 and padding at least 0, found {this}");
        }
    }

    /// <summary>The output of a pool, whose padding is at most half its kernel, or whose every window reaches the image.</summary>
    internal Shape Pool(string kind, ReadOnlySpan<Shape> inputs, bool ceil)
    {
        Validate(kind);
        Shape x = Expect.One(kind, inputs, rank: 4);
        Window at = At(x[2], x[3]);
        Size2 size = Output(kind, x[2], x[3], ceil), start = at.Padding, end = at.PaddingEnd ?? at.Padding;
        bool half = Math.Max(start.H, end.H) * 2 <= Kernel.H && Math.Max(start.W, end.W) * 2 <= Kernel.W;
        return half || (Reach(x[2], size.H, Kernel.H, Stride.H, start.H, Dilation.H)
            && Reach(x[3], size.W, Kernel.W, Stride.W, start.W, Dilation.W))
            ? new Shape(x[0], x[1], size.H, size.W)
            : throw new ModelException($"{kind}: a window would lie wholly in the padding of {x[2]}x{x[3]}, found {this}");
    }

    /// <summary>Whether every window has a tap in the image.</summary>
    private static bool Reach(int size, int outputs, int kernel, int stride, int padding, int dilation)
    {
        for (int i = 0; i < outputs; i++)
        {
            long start = ((long)i * stride) - padding, tap = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
            if (tap >= kernel || start + (tap * dilation) >= size)
            {
                return false;
            }
        }

        return true;
    }

    private static (int Start, int End) Same(PaddingRule rule, int size, int kernel, int stride, int dilation)
    {
        long last = ((long)size + stride - 1) / stride - 1;
        int total = checked((int)Math.Max(0, last * stride + (long)(kernel - 1) * dilation + 1 - size));
        return rule == Layers.PaddingRule.SameUpper ? (total / 2, total - total / 2) : (total - total / 2, total / 2);
    }

    private static int Length(string kind, int size, int kernel, int stride, int start, int end, int dilation, bool ceil)
    {
        long room = size + (long)start + end - (long)dilation * (kernel - 1) - 1;
        if (room < 0)
        {
            string padding = start == end ? $"{start}" : $"{start} and {end}";
            throw new ModelException(
                $"{kind}: a kernel of {kernel} with dilation {dilation} does not fit into {size} with padding {padding}");
        }

        long length = (ceil ? (room + stride - 1) / stride : room / stride) + 1;
        if (ceil && (length - 1) * stride >= size + start)
        {
            length--;
        }

        return checked((int)length);
    }
}
