using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Softmax over the features of <c>[N,F]</c>: p[n,c] = exp(z[n,c]) / Σ_j exp(z[n,j]), computed after subtracting the largest z.
/// Backward: R_in[c] = p[c] · (R[c] − Σ_j p[j]·R[j]).
/// </summary>
public sealed record Softmax : Layer
{
    internal const string Name = "softmax";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => Expect.One(Name, inputs, rank: 2);
}
