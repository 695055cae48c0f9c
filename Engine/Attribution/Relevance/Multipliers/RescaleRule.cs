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
        float[] image = layer.Input();
        float[] reference = layer.ReferenceInput();
        Func<double, int, (double Value, double Slope)> f = Of(layer);
        var lower = new float[upper.Length];
        for (int i = 0; i < lower.Length; i++)
        {
            double change = (double)image[i] - reference[i];
            (double value, double slope) = f(image[i], i);
            lower[i] = (float)(upper[i] * (Math.Abs(change) < Least ? slope : (value - f(reference[i], i).Value) / change));
        }

        return [lower];
    }

    /// <summary>The function of a value and its place in the layer's input.</summary>
    private static Func<double, int, (double Value, double Slope)> Of(LayerPass layer)
    {
        if (layer.Node.Layer is Activation { F: { } function })
        {
            return (x, _) => function.At(x);
        }

        float[] slopes = layer.Node.Layer is PReLU ? layer.Node.Weights[0].ToArray() : [0];
        int plane = (int)(layer.InputShape().Count / slopes.Length);
        return (x, i) => x > 0 ? (x, 1) : (x * slopes[i / plane], slopes[i / plane]);
    }
}
