using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>The network's input: images <c>[N,C,H,W]</c> in normalised units. The first node of every network, and the only one without
/// inputs.</summary>
/// <param name="Channels">C, 3 for RGB.</param>
public sealed record Input(int Channels) : Layer
{
    internal const string Name = "input";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => throw new ModelException("an input layer may only be the first node");
}
