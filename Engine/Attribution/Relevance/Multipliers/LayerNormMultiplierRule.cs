using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Multipliers;

/// <summary>
/// DeepLIFT at a layer or group normalisation, exact for each set of C values: y = γ·c·r + β with c = x − μ and r = 1/σ is a product, see <see
/// cref="ProductRule"/>; of r, Δr = −Δv / (σσ′(σ + σ′)) with the variance v, and Δv = (1/C) Σ_j (c_j + c′_j)·Δc_j; and Δc = Δx − Δμ. At
/// equal inputs it is the gradient.
/// </summary>
internal sealed class LayerNormMultiplierRule() : LayerRule("layernorm-multiplier")
{
    public override bool Fits(Layer layer) => layer is LayerNorm or GroupNorm;

    public override float[][] Back(LayerPass layer, float[] upper)
    {
        (NormSets image, NormSets reference) = (new(layer, layer.Input()), new(layer, layer.ReferenceInput()));
        var lower = new float[upper.Length];
        var multipliers = new double[image.Members];
        for (int p = 0; p < image.Count; p++)
        {
            double s = image.Centre(p), s0 = reference.Centre(p), inverse = ((1 / s) + (1 / s0)) / 2;
            double ofInverse = 0, mean = 0;
            for (int c = 0; c < multipliers.Length; c++)
            {
                double m = (double)upper[image.At(c, p)] * image.Scale(c, p);
                multipliers[c] = m * inverse;
                ofInverse += m * (image.Centred[c] + reference.Centred[c]) / 2;
            }

            double ofVariance = -ofInverse / (s * s0 * (s + s0));
            for (int c = 0; c < multipliers.Length; c++)
            {
                multipliers[c] += ofVariance * (image.Centred[c] + reference.Centred[c]) / multipliers.Length;
                mean += multipliers[c] / multipliers.Length;
            }

            for (int c = 0; c < multipliers.Length; c++)
            {
                lower[image.At(c, p)] = (float)(multipliers[c] - mean);
            }
        }

        return [lower];
    }
}
