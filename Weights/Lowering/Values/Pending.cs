using System.Collections.Immutable;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering.Emission;

namespace Interp.Weights.Lowering.Values;

/// <summary>What an elementwise operator reads: the element itself (neither is set), a number for it or for its channel, or another
/// elementwise operator's result.</summary>
internal readonly record struct Operand(double[]? Numbers, Pending? Result)
{
    /// <summary>Whether it is the element itself.</summary>
    internal bool IsElement => Numbers is null && Result is null;
}

/// <summary>
/// An elementwise operator over the elements of one view, whose layer is not yet known: with the operators behind it, it may be an
/// activation function, or be merged into the layer before.
/// </summary>
/// <param name="element">The view.</param>
/// <param name="function">The operator.</param>
/// <param name="operands">What it reads.</param>
/// <param name="site">The operator's place.</param>
/// <param name="readers">How many read its result.</param>
internal sealed class Pending(View element, ScalarFunction function, ImmutableArray<Operand> operands, Site site, int readers)
    : GraphValue(element.Shape)
{
    /// <summary>The view.</summary>
    internal View Element => element;

    /// <summary>The operator.</summary>
    internal ScalarFunction Function => function;

    /// <summary>What it reads.</summary>
    internal ImmutableArray<Operand> Operands => operands;

    /// <summary>The operator's place.</summary>
    internal Site Site => site;

    /// <summary>How many read its result.</summary>
    internal int Readers => readers;

    /// <summary>Number of operators in it.</summary>
    internal int Size { get; } = 1 + operands.Sum(o => o.Result?.Size ?? 0);

    /// <summary>Its value, once a node has been made for it.</summary>
    internal View? Settled { get; set; }

    /// <summary>Whether its constants are single numbers, so that it is one function of a number.</summary>
    internal bool IsUniform { get; } = operands.All(o => o.Numbers is not { Length: > 1 } && o.Result is not { IsUniform: false });

    /// <summary>The function of one number that it is.</summary>
    internal double At(double x)
    {
        Span<double> values = stackalloc double[operands.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = operands[i] switch
            {
                { Numbers: [var number] } => number,
                { Result: { } result } => result.At(x),
                _ => x,
            };
        }

        return function.Of(values);
    }
}
