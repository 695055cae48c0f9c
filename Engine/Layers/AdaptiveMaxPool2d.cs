using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Max pooling to a fixed size that divides that of the map: a <see cref="MaxPool2d"/> whose windows lie side by side. With 1×1 it is the
/// largest value of each map.
/// </summary>
/// <param name="Output">Output height and width.</param>
public sealed record AdaptiveMaxPool2d(Size2 Output) : Layer
{
    internal const string Name = "adaptive_maxpool2d";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        if (Output.H < 1 || Output.W < 1)
        {
            throw new ModelException($"adaptive_maxpool2d: expected an output of at least 1x1, found {Output}");
        }

        Shape x = Expect.One(Name, inputs, rank: 4);
        return x[2] >= Output.H && x[3] >= Output.W && x[2] % Output.H == 0 && x[3] % Output.W == 0
            ? new Shape(x[0], x[1], Output.H, Output.W)
            : throw new ModelException($"adaptive_maxpool2d: expected maps of a multiple of {Output.H}x{Output.W}, found {x}");
    }

    /// <summary>The pool that it is on maps of a size.</summary>
    internal MaxPool2d At(int height, int width)
    {
        var window = new Size2(height / Output.H, width / Output.W);
        return new MaxPool2d(new Window(window, window, default, Size2.Square(1)));
    }
}
