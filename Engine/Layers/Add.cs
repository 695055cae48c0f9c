using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>The sum of two or more inputs of one shape: a residual connection. Backward hands the gradient to each.</summary>
public sealed record Add : Layer
{
    internal const string Name = "add";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        if (inputs.Length < 2)
        {
            throw new ModelException($"add: expected at least 2 inputs, found {inputs.Length}");
        }

        foreach (Shape input in inputs)
        {
            if (input != inputs[0])
            {
                throw new ModelException($"add: expected inputs of one shape, found {inputs[0]} and {input}");
            }
        }

        return inputs[0];
    }
}
