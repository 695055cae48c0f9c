using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Tensors;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering;

/// <summary>The image that a graph takes.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Node">One image, <c>[1,C,H,W]</c>.</param>
/// <param name="Layout">Where its elements lie in the graph's value.</param>
/// <param name="Said">What was assumed of it, one line each.</param>
internal sealed record GraphInput(string Name, Shape Node, Layout Layout, ImmutableArray<string> Said)
{
    private const int UsualSize = 224;

    /// <summary>Number of images that values are evaluated for.</summary>
    internal int Batch => Layout.Batch;

    /// <summary>The input of a graph: channels first, or last where the shape says so.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="batch">Number of images where the file leaves it open.</param>
    /// <param name="options">What the user says.</param>
    /// <exception cref="InputException">The user's size is not the file's.</exception>
    /// <exception cref="ModelException">It takes no images, or something else beside them.</exception>
    internal static GraphInput Of(OperatorGraph graph, int batch, ImportOptions options)
    {
        GraphPort[] given = [.. graph.Inputs.Where(i => !graph.Constants.ContainsKey(i.Name))];
        if (given.Length == 0)
        {
            throw new ModelException("the graph has no input");
        }

        if (given.Length > 1)
        {
            throw new ModelException($"the graph has {given.Length} inputs: {Show(given[0])} and {string.Join(", ", given.Skip(1).Take(3)
                .Select(Show))}; only networks of one image can be read: export it with a constant for '{Text.OneLine(given[1].Name)}'");
        }

        GraphPort input = given[0];
        if (input.Shape is not [var images, var first, var second, var third])
        {
            throw new ModelException($"the input is {Show(input)}, expected images [N,C,H,W] or [N,H,W,C]");
        }

        bool last = options.ChannelsLast ?? (IsChannels(third) && !IsChannels(first));
        long channels = (last ? third : first) ?? Consumed(graph, input.Name)
            ?? throw new ModelException($"the input is {Show(input)}: how many channels its images have is not said; export it with "
                + "this number");
        var said = ImmutableArray.CreateBuilder<string>();
        int height = Side(input, last ? 1 : 2, options.InputSize?.Height, "height");
        int width = Side(input, last ? 2 : 3, options.InputSize?.Width, "width");
        if (options.InputSize is null && ((last ? first : second) is null || (last ? second : third) is null))
        {
            said.Add($"the file leaves the image's size open: {height}x{width} is taken (option 'input-size')");
        }

        if (last)
        {
            said.Add($"the file takes images channels last, {Show(input)}; layers here have them first, which changes no value");
        }

        if (input.Type is { IsFloat: false } type)
        {
            said.Add($"the file takes images as {type.Name}; they are given as float32 (options 'scale', 'mean' and 'std')");
        }

        int count = images is null ? batch : Sizes.Size(images.Value);
        var node = new Shape(1, Sizes.Size(channels), height, width);
        if (count < 1 || node.Count < 1 || Math.BigMul(count, (int)Math.Min(node.Count, int.MaxValue)) > Movements.MaxElements)
        {
            throw new ModelException($"the input is {Show(input)}, expected images of at least one and at most {Movements.MaxElements} "
                + "values");
        }

        Layout layout = last ? Layout.InOrder(node, count, [0, 2, 3, 1]) : Layout.Plain(node, count);
        return new GraphInput(input.Name, node, layout, said.ToImmutable());
    }

    /// <summary>A port, for messages: <c>'image' [N,3,224,224]</c>.</summary>
    internal static string Show(GraphPort port) => $"'{Text.OneLine(port.Name)}'"
        + (port.Shape is { } shape ? $" [{string.Join(',', shape.Select((s, i) => s is { } size ? $"{size}" : i == 0 ? "N" : "?"))}]" : "");

    private static bool IsChannels(long? size) => size is 1 or 3;

    private static int Side(GraphPort input, int axis, int? asked, string name)
    {
        long? declared = input.Shape!.Value[axis];
        if (declared is not null)
        {
            return asked is null || asked == declared ? Sizes.Size(declared.Value)
                : throw new InputException($"option 'input-size' {asked}: the file is made for images of {name} {declared}; leave the "
                    + "option out");
        }

        OpenSize? open = input.Open.IsEmpty ? null : input.Open[axis];
        int size = asked ?? (open is null ? UsualSize : Sizes.Size(open.Example));
        return open?.Has(size) != false ? size
            : throw new InputException($"option 'input-size' {size}: the file is made for images of a {name} {open}; give one of these");
    }

    /// <summary>The channels that the first convolution over the input takes.</summary>
    private static long? Consumed(OperatorGraph graph, string input) => graph.Nodes
        .Where(n => n.Operator == "Conv" && n.Inputs.Length > 1 && n.Inputs[0] == input && graph.Constants.ContainsKey(n.Inputs[1]))
        .Select(n => graph.Constants[n.Inputs[1]].Shape is [_, var c, _, _] ? (long?)(c * n.Attributes.Int("group", 1)) : null)
        .FirstOrDefault();
}
