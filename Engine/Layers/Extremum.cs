using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// The larger of two inputs of one shape at each place, or the smaller: y = max(a, b), NaN passed on. Backward: R to the one that was
/// chosen, half of it to each where they are equal, as in PyTorch.
/// </summary>
/// <param name="Least">Whether the smaller is taken.</param>
public sealed record Extremum(bool Least = false) : Layer
{
    internal const string Name = "extremum";

    /// <summary>The kinds, after PyTorch's functions.</summary>
    internal static readonly string[] Kinds = ["maximum", "minimum"];

    /// <inheritdoc/>
    public override string Kind => Kinds[Least ? 1 : 0];

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => inputs is [var a, var b]
        ? a == b ? a : throw new ModelException($"{Kind}: expected inputs of one shape, found {a} and {b}")
        : throw new ModelException($"{Kind}: expected 2 inputs, found {inputs.Length}");

    /// <summary>The share of a in y: 1, 0, or ½ where both are equal.</summary>
    internal double Share(double a, double b) => a == b || double.IsNaN(a) || double.IsNaN(b) ? 0.5 : a > b != Least ? 1 : 0;
}
