using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Values;
using Interp.Weights.Plans;

namespace Interp.Weights.Lowering.Emission;

/// <summary>
/// Makes nodes of views: whole channels in their own order are the node itself, neighbouring ones a slice, dealt-out ones a shuffle, and
/// any other choice of channels a convolution with a fixed filter of ones and zeros; rows and columns are chosen by
/// <see cref="PixelLayers"/>.
/// </summary>
internal sealed class Maps(NetworkEmitter network)
{
    /// <summary>The view as a node's value <c>[N,C,H,W]</c>.</summary>
    /// <exception cref="ModelException">It is no choice of whole channels.</exception>
    internal View Of(View view, OperatorNode reader) => Find(view) ?? throw Refused(view, reader, "a map of images [N,C,H,W]");

    /// <summary>The view as a node's value <c>[N,C,H,W]</c>, or null where it is no choice of whole channels.</summary>
    internal View? Find(View view) => view.Layout.IsPlain && view.Node.Shape.Rank == 4 ? view : view.Map ??= Make(view);

    /// <summary>A view's elements as features <c>[N,F]</c> of a node, and for each of the view's columns the feature that it is; null where
    /// they are in order.</summary>
    /// <exception cref="ModelException">Its rows are not the images.</exception>
    internal (EmittedNode Node, int[]? Columns) Features(View view, OperatorNode reader)
    {
        Layout layout = view.Layout;
        int[]? columns = layout.IsStraight ? null : Columns(layout) ?? throw Refused(view, reader, "one row of features for each image");
        return (Flat(view), columns);
    }

    /// <summary>A node of features as one of maps of one pixel: a linear layer is a convolution of as large a kernel as the map is that
    /// it reads.</summary>
    internal EmittedNode Unflattened(EmittedNode node) => node.Shape.Rank == 4 ? node : node.Map ??= MakeMap(node);

    /// <summary>The view cannot be read as the reader needs it.</summary>
    internal static ModelException Refused(View view, OperatorNode reader, string expected) => new((view.Layout.IsPlain
        || view.Site is not { } site || site.Operator == reader ? reader.Where : $"{site.Operator.Where}, read by {reader.Where}") + ": "
        + $"its {(view.Layout.HasZeros ? "zeros and " : "")}elements of shape {Sizes.Show(view.Shape.AsSpan())} (of a layer's value "
        + $"{view.Node.Shape}) are not {expected}; only whole channels in any order, or rows and columns "
        + "around or within maps, can be chosen");

    private EmittedNode MakeMap(EmittedNode node)
    {
        EmittedNode input = node.Inputs[0];
        if (node.Layer is Flatten)
        {
            return input.Shape is { Rank: 4 } shape && shape[2] * shape[3] == 1 ? input : Kernel(node, Identity(node.Shape[1]), input);
        }

        if (node.Layer is Linear && input.Layer is Flatten)
        {
            return Kernel(node, node.Tensors, input.Inputs[0]);
        }

        EmittedNode[] inputs = [.. node.Inputs.Select(Unflattened)];
        return node.Layer is Linear ? Kernel(node, node.Tensors, inputs[0])
            : network.Add(node.Layer, inputs, node.Site, node.Function, node.Tensors);
    }

    private EmittedNode Flat(View view)
    {
        if (view.Node.Shape.Rank == 2)
        {
            return view.Node;
        }

        Site? site = view.Site ?? view.Node.Site;
        var layer = new Flatten();
        return view.Node.Flat ??= network.Add(new EmittedNode(layer, [view.Node], layer.Infer([view.Node.Shape]), site, "flatten")
        {
            IsImplicit = site is null || !Movements.Moves(site.Operator.Operator),
        });
    }

    /// <summary>The element at each column, the same for every image; null where an image's row holds something else.</summary>
    private static int[]? Columns(Layout layout)
    {
        int[] places = layout.Places;
        int width = places.Length / layout.Batch;
        int[] columns = places[..width];
        for (int i = 0; i < places.Length; i++)
        {
            int first = columns[i % width], image = i / width;
            if (first >= layout.PerImage || places[i] != (first < 0 ? -1 : image * layout.PerImage + first))
            {
                return null;
            }
        }

        return columns;
    }

    private View? Make(View view)
    {
        if (view.Node.Shape.Rank == 2)
        {
            Layout features = view.Layout;
            if (features.Shape is not [var images, _, 1, 1] || images != features.Batch)
            {
                return null;
            }

            EmittedNode node = Unflattened(view.Node);
            return Find(new View(node, features.For(node.Shape), view.Site, sole: false));
        }

        EmittedNode? made = Chosen(view.Layout) is { } chosen ? Choose(view, chosen)
            : PixelLayers.Find(view.Layout) is var (layer, function) ? network.Add(layer, [view.Node], view.Site, function)
            : null;
        return made is null ? null : new View(made, Layout.Plain(made.Shape, view.Layout.Batch), view.Site, view.Sole);
    }

    /// <summary>The channels that the view's are, −1 for zeros; null where they are not whole.</summary>
    private static int[]? Chosen(Layout layout)
    {
        Shape node = layout.Node;
        if (layout.Shape is not [var images, var channels, var height, var width] || images != layout.Batch
            || height != node[2] || width != node[3])
        {
            return null;
        }

        int[] places = layout.Places;
        int pixels = layout.Pixels;
        var chosen = new int[channels];
        for (int i = 0; i < places.Length; i++)
        {
            int image = i / (channels * pixels), channel = i / pixels % channels, pixel = i % pixels;
            if (image == 0 && pixel == 0)
            {
                chosen[channel] = places[i] < 0 ? -1 : places[i] / pixels;
            }

            int from = chosen[channel];
            if (places[i] != (from < 0 ? -1 : image * layout.PerImage + from * pixels + pixel))
            {
                return null;
            }
        }

        return chosen;
    }

    private EmittedNode Choose(View view, int[] chosen)
    {
        Shape shape = view.Node.Shape;
        int first = chosen[0], channels = shape[1];
        if (first >= 0 && chosen.Select((c, i) => c == first + i).All(follows => follows))
        {
            return network.Add(new ChannelSlice(first, chosen.Length), [view.Node], view.Site, "chunk");
        }

        for (int groups = 2; chosen.Length == channels && groups < channels; groups++)
        {
            if (channels % groups == 0 && IsShuffle(chosen, groups))
            {
                return network.Add(new ChannelShuffle(groups), [view.Node], view.Site, "channel_shuffle");
            }
        }

        var filter = new double[chosen.Length * channels];
        for (int k = 0; k < chosen.Length; k++)
        {
            if (chosen[k] >= 0)
            {
                filter[k * channels + chosen[k]] = 1;
            }
        }

        var layer = new Conv2d(channels, chosen.Length, Window.Square(1), Bias: false);
        return network.Add(layer, [view.Node], view.Site, "index_select", Recipe(filter, new Shape(chosen.Length, channels, 1, 1)));
    }

    private static bool IsShuffle(int[] chosen, int groups)
    {
        int each = chosen.Length / groups;
        for (int c = 0; c < chosen.Length; c++)
        {
            if (chosen[c] != c % groups * each + c / groups)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A convolution that covers the whole map.</summary>
    private EmittedNode Kernel(EmittedNode node, Func<string, TensorRecipe>[] tensors, EmittedNode input)
    {
        Shape map = input.Shape;
        var weight = new Shape(node.Shape[1], map[1], map[2], map[3]);
        var window = new Window(new(map[2], map[3]), Size2.Square(1), default, Size2.Square(1));
        Func<string, TensorRecipe> first = tensors[0];
        return network.Add(new Conv2d(map[1], node.Shape[1], window, Bias: tensors.Length > 1), [input], node.Site, node.Function,
            [name => new ReshapedRecipe(first(name), weight), .. tensors.Skip(1)]);
    }

    private static Func<string, TensorRecipe>[] Identity(int size)
    {
        var ones = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            ones[i * size + i] = 1;
        }

        return [Recipe(ones, new Shape(size, size))];
    }

    private static Func<string, TensorRecipe> Recipe(double[] values, Shape shape) =>
        name => new ReshapedRecipe(new ConstantTensor(name, values), shape);
}
