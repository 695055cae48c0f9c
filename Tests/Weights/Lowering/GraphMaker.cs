using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Lowering;

/// <summary>Makes graphs by hand: operators over named values, with small random parameters.</summary>
internal sealed class GraphMaker
{
    private readonly List<OperatorNode> _nodes = [];
    private readonly Dictionary<string, GraphTensor> _constants = new(StringComparer.Ordinal);
    private readonly GraphPort _input;
    private readonly Random _random;

    /// <summary>Starts a graph of an input of that shape, null for open sizes.</summary>
    internal GraphMaker(long?[] input, int seed = 1)
    {
        _input = new GraphPort("image", ElementType.Float32, [.. input]);
        _random = new Random(seed);
    }

    /// <summary>The value added last.</summary>
    internal string Last { get; private set; } = "image";

    /// <summary>An operator over the value added last.</summary>
    internal GraphMaker Then(string op, string[]? more = null, string? module = null, params (string, object)[] attributes)
    {
        Add(op, [Last, .. more ?? []], module, attributes);
        return this;
    }

    /// <summary>An operator; its first output's name is returned.</summary>
    internal string Add(string op, string[] inputs, string? module = null, params (string Name, object Value)[] attributes) =>
        Add(op, inputs, 1, module, attributes)[0];

    /// <summary>An operator of several outputs.</summary>
    internal string[] Add(string op, string[] inputs, int outputs, string? module = null, params (string Name, object Value)[] attributes)
    {
        string label = $"{op}_{_nodes.Count}";
        string[] names = [.. Enumerable.Range(0, outputs).Select(i => $"{label}:{i}")];
        var values = attributes.ToDictionary(a => a.Name, a => a.Value switch
        {
            int number => (long)number,
            int[] numbers => System.Collections.Immutable.ImmutableArray.CreateRange(numbers.Select(n => (long)n)),
            var other => other,
        });
        _nodes.Add(new OperatorNode(op, label, module, [.. inputs], [.. names], new OperatorAttributes(values)));
        Last = names[0];
        return names;
    }

    /// <summary>A constant of given numbers.</summary>
    internal string Constant(long[] shape, params double[] values) => Constant(ElementType.Float32, shape, values);

    /// <summary>Whole numbers along one axis.</summary>
    internal string Whole(params int[] values) => Constant(ElementType.Int64, [values.Length], [.. values.Select(v => (double)v)]);

    /// <summary>A parameter of random numbers around a mean, on the grid of float32.</summary>
    internal string Parameter(double mean, double spread, params long[] shape)
    {
        var values = new double[shape.Aggregate(1L, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(mean + spread * (2 * _random.NextDouble() - 1));
        }

        return Constant(shape, values);
    }

    /// <summary>A convolution with a bias over the value added last.</summary>
    internal GraphMaker Conv(int from, int to, int kernel, string? module = null, params (string, object)[] attributes) =>
        Then("Conv", [Parameter(0, 0.6, to, from, kernel, kernel), Parameter(0, 0.3, to)], module, attributes);

    /// <summary>The graph with the given outputs, or the value added last.</summary>
    internal OperatorGraph Build(params string[] outputs) => new()
    {
        Path = "made.onnx",
        Origin = "made by hand",
        Inputs = [_input],
        Outputs = [.. (outputs.Length > 0 ? outputs : [Last]).Select(o => new GraphPort(o, null, null))],
        Nodes = [.. _nodes],
        Constants = _constants,
    };

    private string Constant(ElementType type, long[] shape, double[] values)
    {
        string name = $"c{_constants.Count}";
        _constants[name] = new HeldTensor(type, [.. shape], values);
        return name;
    }
}
