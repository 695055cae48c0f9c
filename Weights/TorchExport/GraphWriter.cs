using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Weights.TorchExport;

/// <summary>Writes the operators and constants of a graph, one operator of PyTorch after the other.</summary>
internal sealed class GraphWriter(ExportProgram program, Dictionary<string, GraphTensor> constants)
{
    private const int MaxNodes = 200_000;
    private readonly ImmutableArray<OperatorNode>.Builder _nodes = ImmutableArray.CreateBuilder<OperatorNode>();
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private string _label = "";
    private string? _module;
    private int _repeated;
    private ImmutableArray<string> _outputs = [];
    private ImmutableArray<string> _written = [];

    /// <summary>What each name of the program stands for.</summary>
    internal AliasTable Values { get; } = new();

    /// <summary>All operators written so far.</summary>
    internal ImmutableArray<OperatorNode> Nodes => _nodes.ToImmutable();

    /// <summary>Makes a value known that comes in.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isFixed">Whether it is a parameter or a buffer, which nothing may change.</param>
    internal void Input(string name, bool isFixed)
    {
        _taken.Add(name);
        Values.Add(name, name, isFixed);
    }

    /// <summary>Begins an operator of the program.</summary>
    /// <param name="label">What the file calls it.</param>
    /// <param name="module">The module that calls it.</param>
    /// <param name="outputs">The names of its results.</param>
    internal void Begin(string label, string? module, ImmutableArray<string> outputs)
    {
        (_label, _module, _outputs, _written) = (label, module, outputs, []);
        foreach (string output in outputs)
        {
            if (Values.Has(output))
            {
                throw new ModelException($"its result '{Text.OneLine(output)}' has the name of another value");
            }

            _taken.Add(output);
        }
    }

    /// <summary>What the results are called in the graph, in order; fewer than the program names where the rest has no meaning.</summary>
    internal ImmutableArray<string> Written => _written;

    /// <summary>The graph's name of a value of the program.</summary>
    internal string Read(string name) => Values.Read(name);

    /// <summary>What the program says of a tensor.</summary>
    internal ExportTensor? Meta(string name) => program.Tensors.GetValueOrDefault(name);

    /// <summary>The number of the operator's results.</summary>
    internal int Results => _outputs.Length;

    /// <summary>The results are values that there are already.</summary>
    internal void Is(params ImmutableArray<string> values) => _written = values;

    /// <summary>Writes the operator that makes the first result.</summary>
    internal void Result(string @operator, ImmutableArray<string> inputs, ReadOnlySpan<(string Name, object Value)> attributes) =>
        Result(@operator, inputs, 1, attributes);

    /// <summary>Writes the operator that makes the first so many results.</summary>
    internal void Result(
        string @operator, ImmutableArray<string> inputs, int count, ReadOnlySpan<(string Name, object Value)> attributes)
    {
        if (count > _outputs.Length || count == 0)
        {
            throw new ModelException($"makes {_outputs.Length} results, expected {Math.Max(1, count)}");
        }

        _written = _outputs[..count];
        Add(@operator, inputs, _written, attributes);
    }

    /// <summary>Writes an operator on the way to the results; the name of its value.</summary>
    internal string Step(string @operator, ImmutableArray<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string name = Fresh(@operator);
        Add(@operator, inputs, [name], attributes);
        return name;
    }

    /// <summary>A constant of whole numbers, in a row.</summary>
    internal string Wholes(params ReadOnlySpan<long> values)
    {
        var numbers = new double[values.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = values[i];
        }

        return Constant(new HeldTensor(ElementType.Int64, [numbers.Length], numbers));
    }

    /// <summary>A constant of numbers, in a row.</summary>
    internal string Row(ImmutableArray<double> values) => Constant(new HeldTensor(ElementType.Float32, [values.Length], [.. values]));

    /// <summary>A number by itself.</summary>
    internal string Scalar(double value, bool isWhole = false) =>
        Constant(new HeldTensor(isWhole ? ElementType.Int64 : ElementType.Float32, [], [value]));

    /// <summary>A constant of one value throughout.</summary>
    /// <exception cref="ModelException">It is larger than any row of factors.</exception>
    internal string Filled(ImmutableArray<long> shape, double value)
    {
        const int Largest = 1 << 20;
        if (StoredTensor.CountOf(shape.AsSpan()) is not (>= 0 and <= Largest and var count))
        {
            throw new ModelException($"a row of factors of shape [{string.Join(", ", shape.Take(8))}] is larger than expected");
        }

        var values = new double[count];
        Array.Fill(values, value);
        return Constant(new HeldTensor(ElementType.Float32, shape, values));
    }

    /// <summary>The shape of a constant; null where the value is none.</summary>
    internal ImmutableArray<long>? ShapeOf(string value) => constants.TryGetValue(value, out GraphTensor? tensor) ? tensor.Shape : null;

    private string Constant(GraphTensor tensor)
    {
        string name = Fresh("constant");
        constants.Add(name, tensor);
        return name;
    }

    private void Add(
        string @operator, ImmutableArray<string> inputs, ImmutableArray<string> outputs,
        ReadOnlySpan<(string Name, object Value)> attributes)
    {
        if (_nodes.Count == MaxNodes)
        {
            throw new ModelException($"is beyond the {MaxNodes} operators that a network may have");
        }

        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach ((string name, object value) in attributes)
        {
            values.Add(name, value);
        }

        _nodes.Add(new OperatorNode(@operator, _label, _module, inputs, outputs, new OperatorAttributes(values)));
    }

    private string Fresh(string what)
    {
        string name = $"{_label}/{what}";
        while (!_taken.Add(name))
        {
            name = $"{_label}/{what}_{++_repeated}";
        }

        return name;
    }
}
