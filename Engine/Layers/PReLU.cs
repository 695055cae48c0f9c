using System.Text.Json.Serialization;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Parametric rectifier: y[n,c,…] = x above 0 and a[c]·x elsewhere. Backward: R·([x &gt; 0] + a[c]·[x ≤ 0]), or what a
/// <see cref="Rules.ReluRule"/> makes of that slope. Parameter: a <c>[C]</c>. K. He et al., arXiv 1502.01852.
/// </summary>
/// <param name="Channels">C, or the features of <c>[N,F]</c>.</param>
public sealed record PReLU(int Channels) : Layer
{
    internal const string Name = "prelu";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<Shape> Parameters => [new Shape(Channels)];

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => Expect.Channels(Name, inputs, Channels);
}
