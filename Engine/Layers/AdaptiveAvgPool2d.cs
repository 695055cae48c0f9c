using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Average pooling to a fixed size, as PyTorch defines it for any input: output row i is the mean of input rows ⌊i·H/h⌋ … ⌈(i+1)·H/h⌉−1,
/// likewise for
/// columns; windows overlap where H is not a multiple of h, and repeat rows where it is smaller.
/// </summary>
/// <param name="Output">Output height h and width w.</param>
public sealed record AdaptiveAvgPool2d(Size2 Output) : Layer
{
    internal const string Name = "adaptive_avgpool2d";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        if (Output.H < 1 || Output.W < 1)
        {
            throw new ModelException($"adaptive_avgpool2d: expected an output of at least 1x1, found {Output}");
        }

        Shape x = Expect.One(Name, inputs, rank: 4);
        return x[2] < 1 || x[3] < 1
            ? throw new ModelException($"adaptive_avgpool2d: the input {x} is empty")
            : new Shape(x[0], x[1], Output.H, Output.W);
    }
}
