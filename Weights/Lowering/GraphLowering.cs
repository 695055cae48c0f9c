using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Graphs.Evaluation;
using Interp.Weights.Lowering.Elementwise;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Operators;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering;

/// <summary>
/// The lowering of a graph, evaluated for a number of images: operator after operator, each value becomes a constant, elements of a node of
/// the network, or an elementwise expression over such. What no layer computes exactly ends it.
/// </summary>
internal sealed class GraphLowering
{
    private readonly GraphUse _use;
    private readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);
    private readonly HashSet<OperatorNode> _done = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _assumptions = [];
    private readonly ElementwiseLowering _elementwise;
    private int _order;

    /// <summary>Starts with the graph's input.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="use">What of it is needed.</param>
    /// <param name="input">The input, and where its elements lie.</param>
    internal GraphLowering(OperatorGraph graph, GraphUse use, GraphInput input)
    {
        (Graph, _use, Batch) = (graph, use, input.Batch);
        Constants = new GraphConstants(graph.Constants, ShapeOf);
        Network = new NetworkEmitter(input.Node);
        Maps = new Maps(Network);
        _elementwise = new ElementwiseLowering(this);
        _values[input.Name] = new View(Network.Input, input.Layout, null, sole: false);
    }

    /// <summary>The graph.</summary>
    internal OperatorGraph Graph { get; }

    /// <summary>Number of images that values are evaluated for.</summary>
    internal int Batch { get; }

    /// <summary>The network that is being made.</summary>
    internal NetworkEmitter Network { get; }

    /// <summary>Makes nodes of views.</summary>
    internal Maps Maps { get; }

    /// <summary>The constants.</summary>
    internal GraphConstants Constants { get; }

    /// <summary>What was assumed.</summary>
    internal IReadOnlyList<string> Assumptions => _assumptions;

    /// <summary>Records something that was assumed, once.</summary>
    internal void Assume(string line)
    {
        if (!_assumptions.Contains(line))
        {
            _assumptions.Add(line);
        }
    }

    /// <summary>How often a value is read.</summary>
    internal int Readers(string value) => _use.Readers(value);

    /// <summary>The operators that read a value.</summary>
    internal IReadOnlyList<OperatorNode> ReadersOf(string value) => _use.ReadersOf(value);

    /// <summary>The numbers of a constant, whose operators may still be to come; null where it is none, or runs along another axis than the
    /// last.</summary>
    internal double[]? EarlyConstant(string name)
    {
        if (Constants.Find(name) is null && _use.Maker(name) is { } maker && !_done.Contains(maker) && !_values.ContainsKey(name))
        {
            if (maker.Operator is "Shape" or "Size" || maker.Inputs.Any(i => i.Length > 0 && EarlyConstant(i) is null)
                || !Constants.TryEvaluate(maker))
            {
                return null;
            }

            _done.Add(maker);
        }

        return Constants.Values(name) is { } block && block.Shape.SkipLast(1).All(size => size == 1) ? block.Values : null;
    }

    /// <summary>What a value is.</summary>
    /// <exception cref="ModelException">Nothing makes it.</exception>
    internal GraphValue Find(string name) => _values.TryGetValue(name, out GraphValue? value) ? value
        : Constants.Find(name) is { } tensor ? new ConstantValue(tensor)
        : throw new ModelException($"value '{Text.OneLine(name)}' is made by no operator before it is read");

    /// <summary>Says what a value is.</summary>
    internal void Set(string name, GraphValue value) => _values[name] = value;

    /// <summary>Counts an operator as lowered, together with another.</summary>
    internal void Skip(OperatorNode node) => _done.Add(node);

    /// <summary>A value that depends on the image as elements of a node.</summary>
    /// <exception cref="ModelException">It is an expression that no layer computes.</exception>
    internal View Settle(GraphValue value, OperatorNode reader) => value switch
    {
        View view => view,
        Pending pending => _elementwise.Settle(pending),
        Probabilities { Site: var site } => throw new ModelException($"{site.Operator.Where}: its result is used by {reader.Where}; only "
            + "at a network's end can it be read: networks with attention are not supported yet"),
        _ => throw new ModelException($"{reader.Where}: expected a value that depends on the image, found a constant"),
    };

    /// <summary>Lowers operators in order.</summary>
    /// <exception cref="ModelException">One cannot be expressed; the message names it.</exception>
    internal void Run(ImmutableArray<OperatorNode> nodes)
    {
        foreach (OperatorNode node in nodes)
        {
            int order = _order++;
            if (!_use.Needs(node) || _done.Contains(node))
            {
                continue;
            }

            try
            {
                if (!Constants.TryEvaluate(node))
                {
                    Lower(new OperatorCall(this, node, order));
                    node.Attributes.RequireAllRead();
                }
            }
            catch (ModelException e) when (!e.Message.Contains(" (node '", StringComparison.Ordinal))
            {
                throw new ModelException($"{node.Where}: {e.Message}", e);
            }
        }
    }

    /// <summary>Takes the branch of a condition, whose operators see this graph's values.</summary>
    internal void RunBranch(OperatorNode node, OperatorGraph branch)
    {
        Constants.Give(branch.Constants);
        Run(branch.Nodes);
        for (int i = 0; i < Math.Min(node.Outputs.Length, branch.Outputs.Length); i++)
        {
            if (node.Outputs[i].Length > 0)
            {
                Set(node.Outputs[i], Find(branch.Outputs[i].Name));
            }
        }
    }

    private void Lower(OperatorCall call)
    {
        OperatorNode node = call.Node;
        if (node.Outputs.IsEmpty || node.Inputs.IsEmpty)
        {
            throw new ModelException("it has no inputs, or no outputs");
        }

        if (OperatorHandlers.Find(node.Operator) is { } handler)
        {
            Set(node.Outputs[0], handler(call));
        }
        else if (ScalarFunction.Has(node.Operator))
        {
            Set(node.Outputs[0], _elementwise.Lower(call));
        }
        else if (Movements.Moves(node.Operator))
        {
            MovementOperators.Lower(call);
        }
        else
        {
            throw new ModelException($"no layer computes it; {OperatorHandlers.Advice(node.Operator)}");
        }
    }

    private ImmutableArray<int>? ShapeOf(string name) => _values.TryGetValue(name, out GraphValue? value) ? value.Shape : null;
}
