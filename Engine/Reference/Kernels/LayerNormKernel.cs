using Interp.Engine.Layers;

namespace Interp.Engine.Reference.Kernels;

/// <summary>The formulas in <see cref="LayerNorm"/>, pixel by pixel.</summary>
internal static class LayerNormKernel
{
    internal static void Forward(LayerNorm layer, Tensor64 x, float[][] weights, Tensor64 y)
    {
        foreach (int[] pixel in Pixels(x))
        {
            (double[] normalised, _) = Normalise(layer, x, pixel);
            for (int c = 0; c < pixel.Length; c++)
            {
                y.Values[pixel[c]] = weights[0][c] * normalised[c] + weights[1][c];
            }
        }
    }

    internal static void Backward(LayerNorm layer, Tensor64 x, Tensor64 upstream, float[] gamma, Tensor64 gradient)
    {
        foreach (int[] pixel in Pixels(x))
        {
            (double[] normalised, double deviation) = Normalise(layer, x, pixel);
            double[] g = [.. pixel.Select((at, c) => gamma[c] * upstream.Values[at])];
            double mean = g.Average();
            double along = g.Zip(normalised, (a, b) => a * b).Average();
            for (int c = 0; c < pixel.Length; c++)
            {
                gradient.Values[pixel[c]] += (g[c] - mean - normalised[c] * along) / deviation;
            }
        }
    }

    private static (double[] Normalised, double Deviation) Normalise(LayerNorm layer, Tensor64 x, int[] pixel)
    {
        double mean = pixel.Average(at => x.Values[at]);
        double deviation = Math.Sqrt(pixel.Average(at => (x.Values[at] - mean) * (x.Values[at] - mean)) + layer.Epsilon);
        return ([.. pixel.Select(at => (x.Values[at] - mean) / deviation)], deviation);
    }

    /// <summary>The places of all channels of each pixel.</summary>
    private static IEnumerable<int[]> Pixels(Tensor64 x)
    {
        int plane = x.H * x.W;
        return from n in Enumerable.Range(0, x.N)
               from p in Enumerable.Range(0, plane)
               select Enumerable.Range(0, x.C).Select(c => (n * x.C + c) * plane + p).ToArray();
    }
}
