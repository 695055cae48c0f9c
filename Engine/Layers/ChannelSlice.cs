using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>Some neighbouring channels: y[n,c,…] = x[n,First+c,…]. Backward puts R there and 0 at the other channels.</summary>
/// <param name="First">The first channel taken.</param>
/// <param name="Count">How many.</param>
public sealed record ChannelSlice(int First, int Count) : Layer
{
    internal const string Name = "channel_slice";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        Shape x = Expect.One(Name, inputs, rank: 4);
        return First >= 0 && Count >= 1 && First <= x[1] - Count
            ? new Shape(x[0], Count, x[2], x[3])
            : throw new ModelException($"channel_slice: channels {First} to {(long)First + Count - 1} do not lie in {x}");
    }
}
