using Interp.Engine.Layers;

namespace Interp.Engine.Reference.Kernels;

/// <summary>The formulas in <see cref="LayerNorm"/> and <see cref="GroupNorm"/>, for each set of values that is normalised.</summary>
internal static class NormKernel
{
    internal static void Forward(LayerNorm layer, Tensor64 x, float[][] weights, Tensor64 y) =>
        Forward(Pixels(x), layer.Epsilon, x, weights, y);

    internal static void Forward(GroupNorm layer, Tensor64 x, float[][] weights, Tensor64 y) =>
        Forward(Groups(x, layer.Groups), layer.Epsilon, x, weights, y);

    internal static void Backward(LayerNorm layer, Tensor64 x, Tensor64 upstream, float[] gamma, Tensor64 gradient) =>
        Backward(Pixels(x), layer.Epsilon, x, upstream, gamma, gradient);

    internal static void Backward(GroupNorm layer, Tensor64 x, Tensor64 upstream, float[] gamma, Tensor64 gradient) =>
        Backward(Groups(x, layer.Groups), layer.Epsilon, x, upstream, gamma, gradient);

    private static void Forward(IEnumerable<int[]> sets, double epsilon, Tensor64 x, float[][] weights, Tensor64 y)
    {
        foreach (int[] set in sets)
        {
            (double[] normalised, _) = Normalise(epsilon, x, set);
            for (int i = 0; i < set.Length; i++)
            {
                int c = x.ChannelOf(set[i]);
                y.Values[set[i]] = weights[0][c] * normalised[i] + weights[1][c];
            }
        }
    }

    private static void Backward(
        IEnumerable<int[]> sets, double epsilon, Tensor64 x, Tensor64 upstream, float[] gamma, Tensor64 gradient)
    {
        foreach (int[] set in sets)
        {
            (double[] normalised, double deviation) = Normalise(epsilon, x, set);
            double[] g = [.. set.Select(at => gamma[x.ChannelOf(at)] * upstream.Values[at])];
            double mean = g.Average();
            double along = g.Zip(normalised, (a, b) => a * b).Average();
            for (int i = 0; i < set.Length; i++)
            {
                gradient.Values[set[i]] += (g[i] - mean - normalised[i] * along) / deviation;
            }
        }
    }

    private static (double[] Normalised, double Deviation) Normalise(double epsilon, Tensor64 x, int[] set)
    {
        double mean = set.Average(at => x.Values[at]);
        double deviation = Math.Sqrt(set.Average(at => (x.Values[at] - mean) * (x.Values[at] - mean)) + epsilon);
        return ([.. set.Select(at => (x.Values[at] - mean) / deviation)], deviation);
    }

    /// <summary>The places of all channels of each pixel.</summary>
    private static IEnumerable<int[]> Pixels(Tensor64 x)
    {
        int plane = x.H * x.W;
        return from n in Enumerable.Range(0, x.N)
               from p in Enumerable.Range(0, plane)
               select Enumerable.Range(0, x.C).Select(c => (n * x.C + c) * plane + p).ToArray();
    }

    /// <summary>The places of all pixels of each group, which stand one after another.</summary>
    private static IEnumerable<int[]> Groups(Tensor64 x, int groups) =>
        Enumerable.Range(0, x.Values.Length).Chunk(x.C / groups * x.H * x.W);
}
