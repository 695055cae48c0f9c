using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// Layer and group normalisation with σ held as it is, so that it is linear in x: y_j = Σ_i a_ji x_i + β_j with a_ji = γ_j (δ_ij − 1/C) /
/// σ for each
/// set of C values, and LRP-ε for that: R_i = x_i Σ_j a_ji R_j / (y_j + ε·sign y_j), ε = 1e-6. What β adds to an output, it takes of its
/// relevance. Holding σ is the rule of R. Achtibat et al., "AttnLRP", arXiv 2402.05602, section 3.3.4.
/// </summary>
public sealed class LayerNormRule() : LayerRule("layernorm")
{
    /// <inheritdoc/>
    public override bool Fits(Layer layer) => layer is LayerNorm or GroupNorm;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        var pixels = new NormSets(layer, layer.Input());
        var lower = new float[upper.Length];
        var shares = new double[pixels.Members];
        for (int p = 0; p < pixels.Count; p++)
        {
            double deviation = pixels.Centre(p);
            double mean = 0, biases = 0;
            for (int c = 0; c < shares.Length; c++)
            {
                double y = (pixels.Scale(c, p) * pixels.Centred[c] / deviation) + pixels.Shift(c, p);
                double s = upper[pixels.At(c, p)] / (y < 0 ? y - Elementwise.Stabilizer : y + Elementwise.Stabilizer);
                biases += s * pixels.Shift(c, p);
                shares[c] = s * pixels.Scale(c, p) / deviation;
                mean += shares[c] / shares.Length;
            }

            for (int c = 0; c < shares.Length; c++)
            {
                lower[pixels.At(c, p)] = (float)(layer.Input()[pixels.At(c, p)] * (shares[c] - mean));
            }

            layer.Conservation.Biases += biases;
        }

        return [lower];
    }
}
