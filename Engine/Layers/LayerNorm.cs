using System.Text.Json.Serialization;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Layer normalisation over the channels of each pixel: y[c] = γ[c]·x̂[c] + β[c] with x̂[c] = (x[c] − μ)/σ, μ the mean over c and
/// σ = √(mean over c of (x[c] − μ)² + ε). Backward: R_in[c] = (g[c] − mean(g) − x̂[c]·mean(g·x̂))/σ with g = γ·R.
/// Parameters: γ <c>[C]</c> and β <c>[C]</c>. J. Ba, J. Kiros, G. Hinton, arXiv 1607.06450.
/// </summary>
/// <param name="Channels">C, or the features of <c>[N,F]</c>.</param>
/// <param name="Epsilon">ε.</param>
public sealed record LayerNorm(int Channels, double Epsilon) : Layer
{
    internal const string Name = "layernorm";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<Shape> Parameters => [new Shape(Channels), new Shape(Channels)];

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => Epsilon is >= 0 and < 1
        ? Expect.Channels(Name, inputs, Channels)
        : throw new ModelException($"layernorm: epsilon is {Epsilon}, expected 0 to 1");
}
