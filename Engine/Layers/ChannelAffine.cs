using System.Text.Json.Serialization;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// A scale and a shift for each channel: y[n,c,…] = s[c]·x[n,c,…] + t[c]; its gradient is s[c]·R. A batch normalisation that no convolution
/// can take in becomes one. Parameters: scale <c>[C]</c> and shift <c>[C]</c>.
/// </summary>
/// <param name="Channels">C, or the features of <c>[N,F]</c>.</param>
public sealed record ChannelAffine(int Channels) : Layer
{
    internal const string Name = "affine";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<Shape> Parameters => [new Shape(Channels), new Shape(Channels)];

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => Expect.Channels(Name, inputs, Channels);
}
