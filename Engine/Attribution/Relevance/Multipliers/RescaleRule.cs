using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Multipliers;

/// <summary>
/// DeepLIFT's rescale rule at an activation function f: m_in = m_out · Δy/Δx with Δ the difference between image and reference, and the
/// gradient at the image, m_out·f'(x), where |Δx| &lt; 1e-10, as in captum (A. Shrikumar, P. Greenside, A. Kundaje, arXiv 1704.02685,
/// section 3.5.1). A ReLU's gradient is [x &gt; 0], a PReLU's a[c] elsewhere.
/// </summary>
internal sealed class RescaleRule() : LayerRule("rescale")
{
    /// <summary>Differences below this count as none.</summary>
    public const float Least = 1e-10f;

    /// <inheritdoc/>
    public override bool Fits(Layer layer) => layer is ReLU or Activation or PReLU;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        float[] image = layer.Input(), reference = layer.ReferenceInput(), lower = layer.Work.Take(upper.Length);
        if (layer.Node.Layer is ReLU)
        {
            layer.Work.Run(lower.Length, (first, count) =>
            {
                int done = Rectified(
                    image.AsSpan(first, count), reference.AsSpan(first, count), upper.AsSpan(first, count), lower.AsSpan(first, count));
                Plain(image, reference, upper, lower, first + done, first + count, (x, _) => x > 0 ? (x, 1) : (0, 0));
            });
        }
        else
        {
            Func<double, int, (double Value, double Slope)> f = Of(layer);
            layer.Work.Run(lower.Length, (first, count) => Plain(image, reference, upper, lower, first, first + count, f));
        }

        return [lower];
    }

    private static void Plain(
        float[] image, float[] reference, float[] upper, float[] lower, int first, int end,
        Func<double, int, (double Value, double Slope)> f)
    {
        for (int i = first; i < end; i++)
        {
            double change = (double)image[i] - reference[i];
            (double value, double slope) = f(image[i], i);
            lower[i] = (float)(upper[i] * (Math.Abs(change) < Least ? slope : (value - f(reference[i], i).Value) / change));
        }
    }

    /// <summary>A ReLU's whole vectors, each value as <see cref="Plain"/> computes it.</summary>
    /// <returns>How many values that is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Rectified(ReadOnlySpan<float> image, ReadOnlySpan<float> reference, ReadOnlySpan<float> upper, Span<float> lower)
    {
        int i = 0;
        for (; i + Vector512<float>.Count <= lower.Length; i += Vector512<float>.Count)
        {
            Vector512<float> x = Vector512.Create(image[i..]), x0 = Vector512.Create(reference[i..]), m = Vector512.Create(upper[i..]);
            Vector512.Narrow(
                Rectified(Vector512.WidenLower(x), Vector512.WidenLower(x0), Vector512.WidenLower(m)),
                Rectified(Vector512.WidenUpper(x), Vector512.WidenUpper(x0), Vector512.WidenUpper(m))).CopyTo(lower[i..]);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Rectified(Vector512<double> x, Vector512<double> x0, Vector512<double> m)
    {
        Vector512<double> change = x - x0;
        Vector512<double> slope = Vector512.ConditionalSelect(
            Vector512.GreaterThan(x, Vector512<double>.Zero), Vector512<double>.One, Vector512<double>.Zero);
        Vector512<double> quotient = (Above(x) - Above(x0)) / change;
        return m * Vector512.ConditionalSelect(
            Vector512.LessThan(Vector512.Abs(change), Vector512.Create((double)Least)), slope, quotient);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Above(Vector512<double> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<double>.Zero), x, Vector512<double>.Zero);

    /// <summary>The function of a value and its place in the layer's input.</summary>
    private static Func<double, int, (double Value, double Slope)> Of(LayerPass layer)
    {
        if (layer.Node.Layer is Activation { F: { } function })
        {
            return (x, _) => function.At(x);
        }

        float[] slopes = layer.Node.Weights[0].ToArray();
        int plane = (int)(layer.InputShape().Count / slopes.Length);
        return (x, i) => x > 0 ? (x, 1) : (x * slopes[i / plane], slopes[i / plane]);
    }
}
