using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>All axes but the batch made one, in row-major order: <c>[N,C,H,W]</c> to <c>[N, C·H·W]</c>.</summary>
public sealed record Flatten : Layer
{
    internal const string Name = "flatten";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        Shape x = Expect.One(Name, inputs);
        long features = x.Rank < 2 ? 0 : x.WithBatch(1).Count;
        return features is > 0 and <= int.MaxValue
            ? new Shape(x[0], (int)features)
            : throw new ModelException($"flatten: cannot flatten {x}");
    }
}
