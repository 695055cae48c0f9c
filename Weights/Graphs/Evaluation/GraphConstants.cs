using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>
/// The constants of a graph: its parameters, and all that follows from them. Small ones are computed at once, large ones each time they
/// are read. Arithmetic is in float64: a result is nearer to the exact one than what a runtime computes in float32. Where a number
/// becomes whole (Cast, Floor, Ceil, Round), it is rounded to its own type first, so that 0.7f·10 is 7 here as it is there.
/// </summary>
/// <param name="given">The parameters by their names.</param>
/// <param name="shapeOf">Shape of a value that is no constant, or null where it is not known.</param>
/// <param name="small">The most elements of a result that is computed at once.</param>
internal sealed class GraphConstants(IReadOnlyDictionary<string, GraphTensor> given, Func<string, ImmutableArray<int>?> shapeOf, int small = GraphConstants.Small)
{
    /// <summary>The most elements of a result that is computed at once: 2^16.</summary>
    internal const int Small = 1 << 16;

    /// <summary>The most elements of a result that is no weight: 2^23, 64 MiB.</summary>
    internal const long MaxElements = 1L << 23;

    /// <summary>The most elements of all results that are held: 2^25, 256 MiB.</summary>
    internal const long MaxHeld = 1L << 25;

    /// <summary>The most operators that are evaluated each time a result is read.</summary>
    internal const int MaxCost = 64;

    private readonly Dictionary<string, GraphTensor> _tensors = new(given, StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<GraphTensor>> _lists = new(StringComparer.Ordinal);
    private readonly HashSet<GraphTensor> _counted = [];
    private long _held;

    /// <summary>A constant, or null where the value is none (or a list).</summary>
    internal GraphTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>Parameters of a branch that has been taken, which its operators read.</summary>
    internal void Give(IReadOnlyDictionary<string, GraphTensor> more)
    {
        foreach ((string name, GraphTensor tensor) in more)
        {
            _tensors[name] = tensor;
        }
    }

    /// <summary>A constant list of arrays, or null where the value is none.</summary>
    internal ImmutableArray<GraphTensor>? FindList(string name) => _lists.TryGetValue(name, out ImmutableArray<GraphTensor> list) ? list : null;

    /// <summary>The shape of any value, or null where it is not known.</summary>
    internal ImmutableArray<int>? ShapeOf(string name) => Find(name) is { } tensor ? ConstantArguments.ShapeOf(tensor) : shapeOf(name);

    /// <summary>The values of a constant; null where the value is none.</summary>
    /// <exception cref="ModelException">They are more than 2^23.</exception>
    internal Block<double>? Values(string name) => Find(name) is not { } tensor ? null
        : tensor.Count <= MaxElements ? ConstantArguments.Read(tensor)
        : throw new ModelException($"a constant of {tensor.Count} elements where at most {MaxElements} are expected");

    /// <summary>The constant inputs of a node, as <see cref="Movements"/> asks for them.</summary>
    internal Func<int, Block<double>?> Inputs(OperatorNode node) => input =>
        input >= node.Inputs.Length || node.Inputs[input].Length == 0 ? null
        : Values(node.Inputs[input]) ?? throw new ModelException($"input {input} ('{Text.OneLine(node.Inputs[input])}') is not constant");

    /// <summary>Evaluates an operator whose inputs are all constants, and Shape and Size of a value whose shape is known. The nodes are
    /// given in their order.</summary>
    /// <returns>Whether its results are constants from now on; otherwise nothing has happened: some input is no constant, or the operator
    /// is none that is evaluated.</returns>
    /// <exception cref="ModelException">It cannot be evaluated; the message begins with <see cref="OperatorNode.Where"/>.</exception>
    internal bool TryEvaluate(OperatorNode node)
    {
        if (ConstantOperators.Find(node.Operator) is not { } evaluate
            || (ConstantOperators.ReadShapes(node.Operator) ? node.Inputs.IsEmpty || ShapeOf(node.Inputs[0]) is null
                : node.Inputs.Any(n => n.Length > 0 && !_tensors.ContainsKey(n) && !_lists.ContainsKey(n))))
        {
            return false;
        }

        try
        {
            GraphTensor[] results = [.. evaluate(new ConstantArguments(node, this)).Select(Kept)];
            node.Attributes.RequireAllRead();
            if (ConstantOperators.MakesList(node.Operator))
            {
                _lists[node.Outputs[0]] = [.. results];
            }
            else
            {
                Name(node, results);
            }

            return true;
        }
        catch (ModelException e) when (Located.IsBare(e))
        {
            throw Located.At(node, e);
        }
    }

    private void Name(OperatorNode node, GraphTensor[] results)
    {
        for (int k = 0; k < node.Outputs.Length; k++)
        {
            if (node.Outputs[k].Length > 0)
            {
                _tensors[node.Outputs[k]] = k < results.Length ? results[k]
                    : throw new ModelException($"output {k} is not supported for constants");
            }
        }
    }

    private GraphTensor Kept(GraphTensor result)
    {
        if (result is LazyTensor lazy)
        {
            if (lazy.Count > small && lazy.Cost <= MaxCost)
            {
                return lazy;
            }

            if (lazy.Count > MaxElements)
            {
                throw new ModelException($"a result of shape [{string.Join(',', lazy.Shape)}] follows from more than {MaxCost} operators");
            }

            result = new HeldTensor(lazy.Type, lazy.Shape, lazy.Read());
        }

        if (result is HeldTensor && _counted.Add(result))
        {
            _held += result.Count;
            if (_held > MaxHeld)
            {
                throw new ModelException($"the constants of this graph have more than {MaxHeld} elements");
            }
        }

        return result;
    }
}
