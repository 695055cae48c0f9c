using Interp.Engine.Layers;

namespace Interp.Engine.Reference.Kernels;

/// <summary>Layers each of whose output pixels is one of the input's, or a constant; backward adds up at the input's.</summary>
internal static class PixelKernel
{
    internal static void Forward(IPixelLayer layer, Tensor64 x, Tensor64 y)
    {
        int[] sources = Sources(layer, x, y);
        for (int i = 0; i < y.Values.Length; i++)
        {
            y.Values[i] = sources[i] < 0 ? layer.Outside : x.Values[sources[i]];
        }
    }

    internal static void Backward(IPixelLayer layer, Tensor64 upstream, Tensor64 gradient)
    {
        int[] sources = Sources(layer, gradient, upstream);
        for (int i = 0; i < sources.Length; i++)
        {
            if (sources[i] >= 0)
            {
                gradient.Values[sources[i]] += upstream.Values[i];
            }
        }
    }

    /// <summary>The place of each output in the input, or −1.</summary>
    private static int[] Sources(IPixelLayer layer, Tensor64 x, Tensor64 y)
    {
        (int[] rows, int[] columns) = layer.At(x.H, x.W);
        int plane = y.H * y.W;
        return [.. Enumerable.Range(0, y.Values.Length).Select(i =>
        {
            (int row, int column) = (rows[i % plane / y.W], columns[i % y.W]);
            return row < 0 || column < 0 ? -1 : (((i / plane) * x.H) + row) * x.W + column;
        })];
    }
}
