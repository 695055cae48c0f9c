using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>A constant that is computed of others each time it is read, so that it takes no memory until then, nor after.</summary>
/// <param name="node">The operator that computes it.</param>
/// <param name="type">How its elements are stored.</param>
/// <param name="shape">Its sizes.</param>
/// <param name="inputs">What it is computed of.</param>
internal abstract class LazyTensor(OperatorNode node, ElementType type, ImmutableArray<int> shape, IReadOnlyList<GraphTensor> inputs)
    : GraphTensor(type, [.. shape.Select(s => (long)s)])
{
    /// <summary>How many operators are evaluated when it is read; one that is reached on two ways counts twice.</summary>
    internal int Cost { get; } = 1 + inputs.Sum(i => i is LazyTensor lazy ? lazy.Cost : 0);

    /// <summary>What it is computed of.</summary>
    protected IReadOnlyList<GraphTensor> Inputs => inputs;

    internal override void Read(long first, Span<double> into)
    {
        if (into.IsEmpty)
        {
            return;
        }

        try
        {
            Compute(first, into);
        }
        catch (ModelException e) when (Located.IsBare(e))
        {
            throw Located.At(node, e);
        }
    }

    /// <summary>Computes <c>into.Length</c> values from element <paramref name="first"/> on.</summary>
    protected abstract void Compute(long first, Span<double> into);
}

/// <summary>All values of a constant, which are held from the first time that they are asked for until they are released.</summary>
internal sealed class Remembered(Func<double[]> read)
{
    private double[]? _values;

    /// <summary>The values.</summary>
    internal double[] Values => _values ??= read();

    /// <summary>Releases them.</summary>
    internal void Forget() => _values = null;
}
