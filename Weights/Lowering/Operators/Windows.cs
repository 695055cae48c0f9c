using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering.Operators;

/// <summary>The window of a convolution or a pool, from its operator's attributes.</summary>
internal static class Windows
{
    /// <summary>Reads <c>kernel_shape</c>, <c>strides</c>, <c>dilations</c>, <c>pads</c> and <c>auto_pad</c>.</summary>
    /// <param name="call">The operator.</param>
    /// <param name="kernel">The kernel's size where the weight tells it.</param>
    /// <exception cref="ModelException">They are not those of a window over two axes, or do not go together.</exception>
    internal static Window Of(OperatorCall call, Size2? kernel = null)
    {
        OperatorAttributes attributes = call.Attributes;
        Size2? given = Pair(attributes, "kernel_shape");
        if (given is { } g && kernel is { } k && g != k)
        {
            throw new ModelException($"kernel_shape is {g.H}x{g.W}, but the weight's filters are {k.H}x{k.W}");
        }

        Size2 size = given ?? kernel ?? throw new ModelException("attribute 'kernel_shape' is missing");
        Size2 one = Size2.Square(1);
        var window = new Window(size, Pair(attributes, "strides") ?? one, default, Pair(attributes, "dilations") ?? one);
        ImmutableArray<long>? pads = attributes.Ints("pads");
        switch (attributes.String("auto_pad", "NOTSET"))
        {
            case "SAME_UPPER":
                return window with { PaddingRule = PaddingRule.SameUpper };
            case "SAME_LOWER":
                return window with { PaddingRule = PaddingRule.SameLower };
            case "VALID":
                return window;
            case "NOTSET" or "":
                return pads is null ? window : Padded(window, pads.Value);
            case var other:
                throw new ModelException($"attribute 'auto_pad' is '{Text.OneLine(other)}', expected NOTSET, SAME_UPPER, SAME_LOWER or "
                    + "VALID");
        }
    }

    /// <summary>The window with more padding, for an input of that size together with it.</summary>
    internal static Window Enlarged(Window window, ZeroBorder border, int height, int width)
    {
        Window at = window.At(height, width);
        Size2 end = at.PaddingEnd ?? at.Padding;
        return With(at, new(at.Padding.H + border.Top, at.Padding.W + border.Left), new(end.H + border.Bottom, end.W + border.Right));
    }

    /// <summary>
    /// A max-pool's window without more padding at the end than at the start, whose sizes rounded up give the same windows: so files
    /// without that attribute express it. Null where it is no such window.
    /// </summary>
    internal static Window? Ceiled(Window window, int height, int width)
    {
        if (window.PaddingEnd is not { } end || end.H < window.Padding.H || end.W < window.Padding.W)
        {
            return null;
        }

        Window ceiled = window with { PaddingEnd = null };
        bool usual = end.H - window.Padding.H == window.Stride.H - 1 && end.W - window.Padding.W == window.Stride.W - 1;
        return (usual || !IsPool(window)) && IsPool(ceiled)
            && window.Output("max-pool", height, width) == ceiled.Output("max-pool", height, width, ceil: true) ? ceiled : null;
    }

    /// <summary>Height and width of a layer's value, or null where it does not fit.</summary>
    internal static Size2? Size(Layer layer, Shape input)
    {
        try
        {
            Shape made = layer.Infer([input]);
            return new Size2(made[2], made[3]);
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>Whether the padding is at most half the kernel, as PyTorch's pools have it.</summary>
    private static bool IsPool(Window window)
    {
        Size2 end = window.PaddingEnd ?? window.Padding;
        return Math.Max(window.Padding.H, end.H) * 2 <= window.Kernel.H && Math.Max(window.Padding.W, end.W) * 2 <= window.Kernel.W;
    }

    private static Window Padded(Window window, ImmutableArray<long> pads) => pads is [var top, var left, var bottom, var right]
        ? With(window, new(Number("pads", top), Number("pads", left)), new(Number("pads", bottom), Number("pads", right)))
        : throw new ModelException($"attribute 'pads' has {pads.Length} numbers, expected 4: only images have layers here");

    private static Window With(Window window, Size2 start, Size2 end) =>
        window with { Padding = start, PaddingEnd = start == end ? null : end };

    private static Size2? Pair(OperatorAttributes attributes, string name) => attributes.Ints(name) switch
    {
        null => null,
        [var h, var w] => new Size2(Number(name, h), Number(name, w)),
        var other => throw new ModelException($"attribute '{name}' has {other.Value.Length} numbers, expected 2: only images have layers "
            + "here"),
    };

    private static int Number(string name, long value) => value is >= 0 and <= 100_000 ? (int)value
        : throw new ModelException($"attribute '{name}' holds {value}, expected 0 to 100000");
}
