using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Average pooling with a sliding window, as PyTorch defines it: the sum of what lies in the window, divided by the number of places that
/// the window covers: with <paramref name="CountPadding"/> those of the padding too, but never those beyond it, which a window of
/// <paramref name="CeilMode"/> may reach. Backward spreads R/count evenly.
/// </summary>
/// <param name="Window">Kernel, stride and padding, no dilation; every window must reach the image.</param>
/// <param name="CeilMode">Round the output size up instead of down.</param>
/// <param name="CountPadding">Whether zeros of the padding count (PyTorch's count_include_pad).</param>
public sealed record AvgPool2d(Window Window, bool CeilMode = false, bool CountPadding = true) : Layer
{
    internal const string Name = "avgpool2d";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => Window.Dilation == Size2.Square(1)
        ? Window.Pool(Name, inputs, CeilMode)
        : throw new ModelException($"avgpool2d: expected no dilation, found {Window}");
}
