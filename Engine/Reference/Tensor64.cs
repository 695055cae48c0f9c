using Interp.Engine.Tensors;

namespace Interp.Engine.Reference;

/// <summary>A dense row-major float64 tensor.</summary>
internal sealed class Tensor64(Shape shape)
{
    internal Shape Shape => shape;

    internal double[] Values { get; } = new double[shape.Count];

    internal int N => shape[0];

    internal int C => shape[1];

    internal int H => shape[2];

    internal int W => shape[3];

    /// <summary>A value of a <c>[N,C,H,W]</c> tensor.</summary>
    internal ref double this[int n, int c, int h, int w] => ref Values[(((long)n * C + c) * H + h) * W + w];

    /// <summary>A value of a <c>[N,F]</c> tensor.</summary>
    internal ref double this[int n, int f] => ref Values[(long)n * C + f];
}
