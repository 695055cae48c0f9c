namespace Interp.Engine.Attribution.Relevance.Multipliers;

/// <summary>
/// DeepLIFT's rescale rule at a ReLU: m_in = m_out · Δy/Δx with Δ the difference between image and reference, and the gradient at the
/// image, m_out·[x &gt; 0], where |Δx| &lt; 1e-10, as in captum (A. Shrikumar, P. Greenside, A. Kundaje, arXiv 1704.02685, section
/// 3.5.1).
/// </summary>
internal sealed class RescaleRule() : LayerRule("rescale")
{
    /// <summary>Differences below this count as none.</summary>
    public const float Least = 1e-10f;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        float[] image = layer.Input();
        float[] reference = layer.ReferenceInput;
        var lower = new float[upper.Length];
        for (int i = 0; i < lower.Length; i++)
        {
            double change = (double)image[i] - reference[i];
            double slope = Math.Abs(change) < Least
                ? (image[i] > 0 ? 1 : 0)
                : (Math.Max(image[i], 0d) - Math.Max(reference[i], 0d)) / change;
            lower[i] = (float)(upper[i] * slope);
        }

        return [lower];
    }
}
