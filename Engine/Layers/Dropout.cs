using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>Dropout. Networks here are always evaluated, never trained, so it is the identity, forward and backward.</summary>
/// <param name="P">The probability it had in training, kept for the record.</param>
public sealed record Dropout(double P = 0.5) : Layer
{
    internal const string Name = "dropout";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => Expect.One(Name, inputs);
}
