using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>Two or more inputs side by side along the channel axis. Backward hands each its own channels of the gradient.</summary>
public sealed record Concat : Layer
{
    internal const string Name = "concat";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        if (inputs.Length < 2)
        {
            throw new ModelException($"concat: expected at least 2 inputs, found {inputs.Length}");
        }

        int channels = 0;
        Shape first = inputs[0];
        foreach (Shape x in inputs)
        {
            if (x.Rank != 4 || x[0] != first[0] || x[2] != first[2] || x[3] != first[3])
            {
                throw new ModelException($"concat: expected [N,C,H,W] inputs that differ in C only, found {first} and {x}");
            }

            channels = checked(channels + x[1]);
        }

        return new Shape(first[0], channels, first[2], first[3]);
    }
}
