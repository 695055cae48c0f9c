using Interp.Engine.Layers;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>What the windows of an averaging pool cover along one axis: the inputs First … End − 1, counted as Count.</summary>
internal readonly record struct PoolAxis(int First, int End, int Count)
{
    /// <summary>Adaptive pooling: output i covers inputs ⌊i·I/O⌋ … ⌈(i+1)·I/O⌉ − 1.</summary>
    public static PoolAxis[] Adaptive(int inputs, int outputs) => [.. Enumerable.Range(0, outputs).Select(i =>
    {
        var (first, end) = ((int)((long)i * inputs / outputs), (int)(((long)(i + 1) * inputs + outputs - 1) / outputs));
        return new PoolAxis(first, end, end - first);
    })];

    /// <summary>The rows of a sliding window.</summary>
    public static PoolAxis[] Rows(AvgPool2d layer, Blocked x, Blocked y)
    {
        Window at = layer.Window.At(x.H, x.W);
        return Sliding(x.H, y.H, at.Kernel.H, at.Stride.H, at.Padding.H, (at.PaddingEnd ?? at.Padding).H, layer.CountPadding);
    }

    /// <summary>Its columns.</summary>
    public static PoolAxis[] Columns(AvgPool2d layer, Blocked x, Blocked y)
    {
        Window at = layer.Window.At(x.H, x.W);
        return Sliding(x.W, y.W, at.Kernel.W, at.Stride.W, at.Padding.W, (at.PaddingEnd ?? at.Padding).W, layer.CountPadding);
    }

    private static PoolAxis[] Sliding(int inputs, int outputs, int kernel, int stride, int start, int end, bool countPadding) =>
        [.. Enumerable.Range(0, outputs).Select(i =>
        {
            int from = i * stride - start;
            int to = Math.Min(from + kernel, inputs + end);
            int first = Math.Max(from, 0), last = Math.Min(to, inputs);
            return new PoolAxis(first, last, countPadding ? to - from : last - first);
        })];
}
