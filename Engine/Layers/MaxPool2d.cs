using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Max pooling: the largest value of each window, padding counting as −∞. Backward routes each gradient to the place of the maximum
/// recorded forward (the switch); among equal values the first in row order wins, and NaN counts as largest, as in PyTorch.
/// </summary>
/// <param name="Window">Kernel, stride, dilation; padding of at most half the kernel, or with which every window reaches the image.</param>
/// <param name="CeilMode">Round the output size up instead of down.</param>
public sealed record MaxPool2d(Window Window, bool CeilMode = false) : Layer
{
    internal const string Name = "maxpool2d";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => Window.Pool(Name, inputs, CeilMode);

    /// <summary>The pool that a layer is on an input of a shape; null for other layers.</summary>
    internal static MaxPool2d? Of(Layer layer, Shape input) => layer switch
    {
        MaxPool2d pool => pool,
        AdaptiveMaxPool2d pool => pool.At(input[2], input[3]),
        _ => null,
    };
}
