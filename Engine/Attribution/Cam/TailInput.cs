using System.Buffers;
using System.Collections.Immutable;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// Outputs of several nodes of a network in one input of another: their channels side by side, on planes so large that each node's map is
/// every s-th row and every t-th column of them, from which a slice and a pool of one place make it again, value by value. One node alone
/// is the input itself.
/// </summary>
internal sealed class TailInput
{
    private readonly ImmutableArray<(Node Node, Shape Shape, Size2 Stride)> _parts;

    /// <param name="nodes">The nodes, the layer whose outputs are varied first.</param>
    /// <param name="shapes">Every node's shape for one image.</param>
    internal TailInput(IReadOnlyList<Node> nodes, ImmutableArray<Shape> shapes)
    {
        (int H, int W)[] sizes = [.. nodes.Select(n => shapes[n.Id].Rank == 4 ? (shapes[n.Id][2], shapes[n.Id][3]) : (1, 1))];
        (int height, int[] rows) = Plane([.. sizes.Select(s => s.H)]);
        (int width, int[] columns) = Plane([.. sizes.Select(s => s.W)]);
        Size = (height, width);
        _parts = [.. nodes.Select((n, k) => (n, shapes[n.Id], new Size2(rows[k], columns[k])))];
    }

    /// <summary>Height and width of the planes.</summary>
    internal (int Height, int Width) Size { get; }

    /// <summary>The nodes but for the first.</summary>
    internal ImmutableArray<Node> Around => [.. _parts.Skip(1).Select(p => p.Node)];

    /// <summary>A network that takes the input apart.</summary>
    /// <returns>It, and for each node the name under which its output stands there.</returns>
    internal (NetworkBuilder Builder, Dictionary<int, string> Names) Start()
    {
        var builder = new NetworkBuilder(_parts.Sum(p => p.Shape[1]));
        string input = builder.Last;
        Dictionary<int, string> names = [];
        int channel = 0;
        foreach ((Node node, Shape shape, Size2 stride) in _parts)
        {
            string name = input;
            if (_parts.Length > 1)
            {
                builder.Add(name = $"{node.Name}.slice", new ChannelSlice(channel, shape[1]), [input], []);
            }

            if (stride != Size2.Square(1))
            {
                var place = new Window(Size2.Square(1), stride, Size2.Square(0), Size2.Square(1));
                builder.Add($"{node.Name}.places", new MaxPool2d(place), [name], []);
                name = $"{node.Name}.places";
            }

            if (shape.Rank == 2)
            {
                builder.Add($"{node.Name}.flat", new Flatten(), [name], []);
                name = $"{node.Name}.flat";
            }

            names[node.Id] = name;
            channel += shape[1];
        }

        return (builder, names);
    }

    /// <summary>Writes one input.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="x">Where to.</param>
    /// <param name="fill">Makes the first node's output.</param>
    /// <param name="around">The output of one of the others.</param>
    internal void Fill(int index, Span<float> x, InputFiller fill, Func<int, int, ReadOnlyMemory<float>> around)
    {
        if (_parts.Length == 1)
        {
            fill(index, x);
            return;
        }

        x.Clear();
        int count = (int)_parts[0].Shape.Count;
        float[] layer = ArrayPool<float>.Shared.Rent(count);
        fill(index, layer.AsSpan(0, count));
        int plane = Size.Height * Size.Width;
        for (int k = 0; k < _parts.Length; k++)
        {
            (_, Shape shape, Size2 stride) = _parts[k];
            Scatter(k == 0 ? layer.AsSpan(0, count) : around(index, k - 1).Span, shape, stride, x);
            x = x[(shape[1] * plane)..];
        }

        ArrayPool<float>.Shared.Return(layer);
    }

    private void Scatter(ReadOnlySpan<float> values, Shape shape, Size2 stride, Span<float> x)
    {
        (int height, int width) = shape.Rank == 4 ? (shape[2], shape[3]) : (1, 1);
        for (int row = 0; row < values.Length / width; row++)
        {
            int channel = row / height, start = ((channel * Size.Height) + (row % height * stride.H)) * Size.Width;
            ReadOnlySpan<float> from = values.Slice(row * width, width);
            for (int column = 0; column < width; column++)
            {
                x[start + (column * stride.W)] = from[column];
            }
        }
    }

    /// <summary>The shortest axis of which every length is each s-th place, and every s; there is one as long as their product.</summary>
    private static (int Length, int[] Strides) Plane(int[] lengths)
    {
        for (int length = lengths.Max(); ; length++)
        {
            int[] strides = [.. lengths.Select(l => Stride(length, l))];
            if (!strides.Contains(0))
            {
                return (length, strides);
            }
        }
    }

    /// <summary>The least s with ⌊(length − 1) / s⌋ + 1 = count, or 0 if there is none.</summary>
    private static int Stride(int length, int count)
    {
        int stride = count == length ? 1 : ((length - 1) / count) + 1;
        return ((length - 1) / stride) + 1 == count ? stride : 0;
    }
}
