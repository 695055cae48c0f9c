using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>The identity: what remains of a batch normalisation that was folded into the convolution before it, so that layer names
/// stay.</summary>
public sealed record Identity : Layer
{
    internal const string Name = "identity";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => Expect.One(Name, inputs);
}
