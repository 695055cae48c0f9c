using Interp.Engine.Tensors;

namespace Interp.Engine.Reference;

/// <summary>A dense row-major float64 tensor.</summary>
internal sealed class Tensor64(Shape shape)
{
    internal Shape Shape => shape;

    internal double[] Values { get; } = new double[shape.Count];

    internal int N { get; } = shape.Rank > 0 ? shape[0] : 1;

    /// <summary>Channels, or the features of <c>[N,F]</c>.</summary>
    internal int C { get; } = shape.Rank > 1 ? shape[1] : 1;

    internal int H { get; } = shape.Rank > 2 ? shape[2] : 1;

    internal int W { get; } = shape.Rank > 3 ? shape[3] : 1;

    /// <summary>The channel of the value at a place in row-major order.</summary>
    internal int ChannelOf(int place) => place / (H * W) % C;

    /// <summary>A value of <c>[N,C,H,W]</c>.</summary>
    internal ref double this[int n, int c, int h, int w] => ref Values[(((long)n * C + c) * H + h) * W + w];

    /// <summary>A value of <c>[N,F]</c>.</summary>
    internal ref double this[int n, int f] => ref Values[(long)n * C + f];
}
