using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Elementwise;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering.Operators;

/// <summary>Pools with a window, and means over whole maps.</summary>
internal static class PoolOperators
{
    /// <summary>A max-pool.</summary>
    internal static GraphValue MaxPool(OperatorCall call)
    {
        bool ceil = call.Attributes.Int("ceil_mode", 0) != 0;
        call.Attributes.Ignore("storage_order"); // The order of the second output's numbers.
        if (call.Node.Outputs.Skip(1).Any(o => o.Length > 0 && call.Lowering.Readers(o) > 0))
        {
            throw new ModelException("the places of the largest values are used by other operators, which no layer does");
        }

        EmittedNode from = call.Map(0).Node;
        Window window = Windows.Of(call);
        if (!ceil && Windows.Ceiled(window, from.Shape[2], from.Shape[3]) is { } ceiled)
        {
            (window, ceil) = (ceiled, true);
        }

        return call.Plain(call.Emit(new MaxPool2d(window, ceil), "max_pool2d", from));
    }

    /// <summary>An average pool; one that covers the whole map, or a single pixel, is what an adaptive one was for this size.</summary>
    internal static GraphValue AveragePool(OperatorCall call)
    {
        Window window = Windows.Of(call);
        bool ceil = call.Attributes.Int("ceil_mode", 0) != 0;
        bool counted = call.Attributes.Int("count_include_pad", 0) != 0;
        if (window.Dilation != Size2.Square(1))
        {
            throw new ModelException($"a dilation of {window.Dilation.H}x{window.Dilation.W}: no layer averages with gaps");
        }

        View input = call.View(0) is { Shape: [_, _, _, _] } images ? images : call.Map(0);
        Size2 size = new(input.Shape[^2], input.Shape[^1]);
        Window at = window.At(size.H, size.W);
        bool padded = at.Padding != default || (at.PaddingEnd ?? default) != default;
        if ((counted || !padded) && ZeroBorder.Of(input) is { } border)
        {
            // Rounded up, a window that begins in the file's zeros is one there, and none where they are padding.
            var pool = new AvgPool2d(Windows.Enlarged(window, border, size.H, size.W), ceil);
            if (Windows.Size(pool, input.Node.Shape) is { } made && made == window.Output("avgpool2d", size.H, size.W, ceil))
            {
                return call.Plain(call.Emit(pool, "avg_pool2d", input.Node));
            }
        }

        EmittedNode from = call.Map(0).Node;
        if (!padded && window.Kernel == size)
        {
            return call.Plain(call.Emit(new AdaptiveAvgPool2d(Size2.Square(1)), "adaptive_avg_pool2d", from));
        }

        if (!padded && window is { Kernel: { H: 1, W: 1 }, Stride: { H: 1, W: 1 } })
        {
            return call.Plain(call.Emit(new AdaptiveAvgPool2d(size), "adaptive_avg_pool2d", from));
        }

        return call.Plain(call.Emit(new AvgPool2d(window, ceil, counted || !padded), "avg_pool2d", from));
    }

    /// <summary>An average pool to a size, which PyTorch has and ONNX has not.</summary>
    internal static GraphValue AdaptiveAveragePool(OperatorCall call) => call.Attributes.Ints("output_size") is [var height, var width]
        && height is > 0 and <= Movements.MaxElements && width is > 0 and <= Movements.MaxElements
        ? call.Plain(call.Emit(new AdaptiveAvgPool2d(new((int)height, (int)width)), "adaptive_avg_pool2d", call.Map(0).Node))
        : throw new ModelException("attribute 'output_size' is missing, or no height and width");

    /// <summary>The mean of each map.</summary>
    internal static GraphValue GlobalAveragePool(OperatorCall call) =>
        call.Plain(call.Emit(new AdaptiveAvgPool2d(Size2.Square(1)), "adaptive_avg_pool2d", call.Map(0).Node));

    /// <summary>The largest value of each map.</summary>
    internal static GraphValue GlobalMaxPool(OperatorCall call) =>
        call.Plain(call.Emit(new AdaptiveMaxPool2d(Size2.Square(1)), "adaptive_max_pool2d", call.Map(0).Node));

    /// <summary>A mean over the pixels of each map, or a step of a layer norm.</summary>
    internal static GraphValue ReduceMean(OperatorCall call) =>
        Reduce(call, new AdaptiveAvgPool2d(Size2.Square(1)), "adaptive_avg_pool2d", "mean");

    /// <summary>The sum over the pixels of each map: their mean, times their number.</summary>
    internal static GraphValue ReduceSum(OperatorCall call)
    {
        View input = call.View(0);
        int pixels = input.Layout.Pixels, channels = input.Layout.Channels;
        if (Reduce(call, new AdaptiveAvgPool2d(Size2.Square(1)), "adaptive_avg_pool2d", "mean") is not View mean || mean.Node == input.Node)
        {
            return input;
        }

        EmittedNode made = call.Emit(new ChannelAffine(channels), "sum", mean.Node,
            OperatorCall.Recipe(AffineForm.Spread([pixels], channels)), OperatorCall.Recipe(new double[channels]));
        return call.At(made, mean.Layout);
    }

    /// <summary>The largest value of each map.</summary>
    internal static GraphValue ReduceMax(OperatorCall call) =>
        Reduce(call, new AdaptiveMaxPool2d(Size2.Square(1)), "adaptive_max_pool2d", "amax");

    private static GraphValue Reduce(OperatorCall call, Layer layer, string kept, string dropped)
    {
        View input = call.View(0);
        bool keep = call.Attributes.Int("keepdims", 1) != 0;
        bool nothing = call.Attributes.Int("noop_with_empty_axes", 0) != 0;
        ImmutableArray<long> given = call.Whole(1, "axes") ?? [];
        int rank = input.Shape.Length;
        int[] axes = [.. given.Select(a => Sizes.Axis(a, rank)).Distinct().Order()];
        if (axes.Length == 0)
        {
            return nothing ? input : throw new ModelException("it runs over everything, the images among it");
        }

        if (axes is [var last] && last == rank - 1 && call.Node.Operator == "ReduceMean" && LayerNormChain.Match(call, input) is { } norm)
        {
            return norm;
        }

        Layout? layout = Channels(input.Layout, axes, keep);
        if (layout is null && call.Lowering.Maps.Find(input) is { } map)
        {
            (input, layout) = (map, Channels(map.Layout, axes, keep));
        }

        if (layout is null)
        {
            throw Maps.Refused(input, call.Node,
                $"whole maps along the axes {string.Join(',', axes)}, of which one number each can be made");
        }

        EmittedNode made = call.Emit(layer, keep ? kept : dropped, input.Node);
        return call.At(made, layout);
    }

    /// <summary>Where the numbers of channels lie, after an operator that makes one of all pixels; null where its axes do not run along
    /// exactly these.</summary>
    internal static Layout? Channels(Layout layout, int[] axes, bool keep)
    {
        Shape node = layout.Node;
        if (node.Rank != 4)
        {
            return null;
        }

        int rank = layout.Shape.Length;
        int[] kept = [.. Enumerable.Range(0, rank).Except(axes)];
        long[] strides = Sizes.Strides(layout.Shape.AsSpan());
        int[] order = [.. kept, .. axes];
        var moved = new StridedPlacement([.. order.Select(a => layout.Shape[a])], 0, [.. order.Select(a => strides[a])]);
        int[] places = moved.Apply<int>([layout.Places], -1);
        int pixels = layout.Pixels, each = axes.Aggregate(1, (n, a) => n * layout.Shape[a]);
        if (each != pixels)
        {
            return null;
        }

        var channels = new int[places.Length / pixels];
        var seen = new bool[pixels];
        for (int c = 0; c < channels.Length; c++)
        {
            ReadOnlySpan<int> own = places.AsSpan(c * pixels, pixels);
            channels[c] = own[0] / pixels;
            Array.Clear(seen);
            foreach (int place in own)
            {
                if (place < 0 || place / pixels != channels[c] || seen[place % pixels])
                {
                    return null;
                }

                seen[place % pixels] = true;
            }
        }

        ImmutableArray<int> shape = keep ? [.. layout.Shape.Select((size, a) => axes.Contains(a) ? 1 : size)]
            : [.. kept.Select(a => layout.Shape[a])];
        return Layout.At(new Shape(1, node[1], 1, 1), layout.Batch, shape, channels);
    }
}
