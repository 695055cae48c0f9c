using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Rectifier: y = max(x, 0), NaN passed on. What its backward pass lets through is not fixed here: each backward call chooses a
/// <see cref="Rules.ReluRule"/>. Decisions are made at x &gt; 0; the gradient at x = 0 is 0.
/// </summary>
public sealed record ReLU : Layer
{
    internal const string Name = "relu";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => Expect.One(Name, inputs);
}
