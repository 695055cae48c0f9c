using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Weights.Keras;

/// <summary>A value while a graph is made.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Shape">Its sizes with the batch first, null for one that is open. Their number is always known.</param>
internal sealed record KerasValue(string Name, ImmutableArray<long?> Shape)
{
    /// <summary>Number of axes.</summary>
    internal int Rank => Shape.Length;
}

/// <summary>Collects operators and constants.</summary>
internal sealed class KerasGraph
{
    private const long MaxHeld = 1 << 22;
    private readonly ImmutableArray<OperatorNode>.Builder _nodes = ImmutableArray.CreateBuilder<OperatorNode>();
    private readonly Dictionary<string, GraphTensor> _constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private long _held;

    /// <summary>The operators so far.</summary>
    internal ImmutableArray<OperatorNode> Nodes => _nodes.ToImmutable();

    /// <summary>The constants so far.</summary>
    internal IReadOnlyDictionary<string, GraphTensor> Constants => _constants;

    /// <summary>A name that nothing else has.</summary>
    internal string Unique(string name)
    {
        string unique = name;
        for (int i = 1; !_names.Add(unique); i++)
        {
            unique = $"{name}:{i}";
        }

        return unique;
    }

    /// <summary>Adds a constant; returns its name.</summary>
    /// <exception cref="ModelException">Those that are no arrays of the file are too many to be held.</exception>
    internal string Constant(string name, GraphTensor tensor)
    {
        _held += tensor is HeldTensor ? tensor.Count : 0;
        if (_held > MaxHeld)
        {
            throw new ModelException($"its settings and what its layers leave out come to more than {MaxHeld} numbers");
        }

        string unique = Unique(name);
        _constants.Add(unique, tensor);
        return unique;
    }

    /// <summary>Adds whole numbers, a list of them.</summary>
    internal string Wholes(string name, params ReadOnlySpan<long> values) =>
        Constant(name, new HeldTensor(ElementType.Int64, [values.Length], [.. values.ToArray().Select(v => (double)v)]));

    /// <summary>Adds one number.</summary>
    internal string Number(string name, double value) => Constant(name, new HeldTensor(ElementType.Float32, [], [value]));

    /// <summary>The class of the layer that is being written, which messages name.</summary>
    internal string Class { get; set; } = "";

    /// <summary>Adds an operator with one output; returns its name.</summary>
    internal string Operator(
        string kind, string label, string module, ImmutableArray<string> inputs,
        params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach ((string name, object value) in attributes)
        {
            values.Add(name, value);
        }

        string output = Unique(label);
        _nodes.Add(new OperatorNode(kind, $"{label}: {Class}", module, inputs, [output], new OperatorAttributes(values)));
        return output;
    }
}
