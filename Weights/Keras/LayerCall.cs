using System.Collections.Immutable;
using System.Globalization;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Formats.Hdf5;
using Interp.Weights.Graphs;

namespace Interp.Weights.Keras;

/// <summary>One call of a layer, of which operators are made.</summary>
/// <param name="graph">Where they go.</param>
/// <param name="layer">The layer.</param>
/// <param name="path">Its name with those of the models that it is in: <c>trunk.conv</c>; a second call has its own.</param>
/// <param name="inputs">What it is called on.</param>
/// <param name="arrays">Its arrays.</param>
/// <param name="version">The major version of the Keras that wrote the file.</param>
internal sealed class LayerCall(
    KerasGraph graph, KerasLayer layer, string path, ImmutableArray<KerasValue> inputs,
    Func<ImmutableArray<(string Name, Hdf5Dataset Array)>> arrays, int version)
{
    /// <summary>Where operators and constants go.</summary>
    internal KerasGraph Graph => graph;

    /// <summary>The layer's settings.</summary>
    internal LayerSettings Settings { get; init; } = layer.Settings;

    /// <summary>The name under which what it computes is found.</summary>
    internal string Path => path;

    /// <summary>The major version of the Keras that wrote the file.</summary>
    internal int Version => version;

    /// <summary>What it is called on.</summary>
    internal ImmutableArray<KerasValue> Inputs => inputs;

    /// <summary>What it is called on, which must be one value.</summary>
    internal KerasValue Input => inputs is [var one] ? one
        : throw new ModelException($"it is called on {inputs.Length} values, expected one");

    /// <summary>Whether channels are the first axis after the batch.</summary>
    internal bool ChannelsFirst => _channelsFirst ??= Settings.Text("data_format", "channels_last") switch
    {
        "channels_last" => false,
        "channels_first" => true,
        var other => throw LayerSettings.Wrong($"data_format' ('{Weights.Text.OneLine(other)}", "channels_last or channels_first"),
    };

    private bool? _channelsFirst;

    /// <summary>The same for a layer that stands as an activation in this one.</summary>
    internal LayerCall As(LayerSettings settings, KerasValue input, string name) =>
        new(graph, layer, name, [input], arrays, version) { Settings = settings };

    /// <summary>The input, which must be a map, with its channels first.</summary>
    internal KerasValue Map()
    {
        if (Input.Rank != 4)
        {
            throw new ModelException($"it is called on a value of {Input.Rank} axes, expected 4: images, height, width and channels");
        }

        return ChannelsFirst ? Input : Transpose(Input, 0, 3, 1, 2);
    }

    /// <summary>A map with its channels where the layer has them.</summary>
    internal KerasValue FromMap(KerasValue map) => ChannelsFirst ? map : Transpose(map, 0, 2, 3, 1);

    /// <summary>A value with its axes in another order.</summary>
    internal KerasValue Transpose(KerasValue value, params ReadOnlySpan<int> axes)
    {
        ImmutableArray<long> permutation = [.. axes.ToArray().Select(a => (long)a)];
        return Add("Transpose", [.. axes.ToArray().Select(a => value.Shape[a])], [value.Name], ("perm", permutation));
    }

    /// <summary>Adds an operator of the layer.</summary>
    internal KerasValue Add(
        string kind, ImmutableArray<long?> shape, ImmutableArray<string> names,
        params ReadOnlySpan<(string Name, object Value)> attributes) =>
        new(graph.Operator(kind, path, path, names, attributes), shape);

    /// <summary>The layer's arrays, as many as there are roles.</summary>
    /// <param name="roles">Their names and shapes, −1 for a size that may be any, in Keras's order.</param>
    /// <exception cref="ModelException">There are more or fewer, or one has another shape.</exception>
    internal GraphTensor[] Arrays(params ReadOnlySpan<(string Role, ImmutableArray<long> Shape)> roles)
    {
        ImmutableArray<(string Name, Hdf5Dataset Array)> found = arrays();
        if (found.Length != roles.Length)
        {
            string has = found.IsEmpty ? "none" : string.Join(", ", found.Take(8).Select(f => Weights.Text.OneLine(f.Name)));
            string needs = string.Join(", ", roles.ToArray().Select(r => r.Role));
            throw new ModelException($"it needs {roles.Length} arrays ({needs}), the file has {found.Length} ({has})");
        }

        var tensors = new GraphTensor[roles.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            (string role, ImmutableArray<long> shape) = roles[i];
            (string Name, Hdf5Dataset Array)[] named = [.. found.Where(f => f.Name == role)];
            Hdf5Dataset array = named is [var one] ? one.Array : found[i].Array;
            bool fits = array.Shape.Length == shape.Length && array.Count > 0
                && !array.Shape.Where((s, k) => shape[k] >= 0 && s != shape[k]).Any();
            string expected = string.Join(',', shape.Select(s => s < 0 ? "any" : s.ToString(CultureInfo.InvariantCulture)));
            tensors[i] = fits ? new StoredArray(array) : throw new ModelException(
                $"its array '{role}' has shape [{string.Join(',', array.Shape)}], expected [{expected}]");
        }

        return tensors;
    }

    /// <summary>Adds an array of the layer as a constant.</summary>
    internal string Constant(string role, GraphTensor tensor) => graph.Constant($"{path}/{role}", tensor);

    /// <summary>Adds a vector of equal numbers as a constant.</summary>
    internal string Same(string role, double value, long count) =>
        Constant(role, new HeldTensor(ElementType.Float32, [count], [.. Enumerable.Repeat(value, checked((int)count))]));

    /// <summary>An axis counted from the first; of one that is not there, an error.</summary>
    internal static int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis)
        : throw new ModelException($"its axis {axis} is none of a value of {rank} axes");
}
