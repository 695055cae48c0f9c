using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// The z⁺ rule without biases for layer and group normalisation with σ held, see <see cref="LayerNormRule"/>: R_i = Σ_j z⁺_ji R_j / Σ_i z⁺_ji with
/// z_ji = a_ji x_i. A channel excites its own output by γx, and all others of the pixel by −γx/C.
/// </summary>
internal sealed class PositiveLayerNormRule() : LayerRule("layernorm-plus")
{
    public override bool Fits(Layer layer) => layer is LayerNorm or GroupNorm;

    public override float[][] Back(LayerPass layer, float[] upper)
    {
        float[] x = layer.Input();
        var pixels = new NormSets(layer, x);
        var lower = new float[upper.Length];
        var shares = new double[pixels.Members];
        for (int p = 0; p < pixels.Count; p++)
        {
            Pixel(pixels, p, x, upper, shares, lower);
        }

        return [lower];
    }

    private static void Pixel(NormSets pixels, int p, float[] x, float[] upper, double[] shares, float[] lower)
    {
        int channels = pixels.Members;
        double own = 1 - (1.0 / channels), deviation = pixels.Centre(p);
        double above = 0, below = 0;
        for (int c = 0; c < channels; c++)
        {
            float value = x[pixels.At(c, p)];
            (above, below) = (above + Math.Max(value, 0), below + Math.Max(-value, 0));
        }

        // The sums of shares of outputs whose γ is above and below zero: those are excited by values of the other sign elsewhere.
        double ofPositive = 0, ofNegative = 0;
        for (int c = 0; c < channels; c++)
        {
            double value = x[pixels.At(c, p)], gain = Math.Abs(pixels.Scale(c, p)) / deviation;
            bool positive = pixels.Scale(c, p) > 0;
            double others = positive ? below - Math.Max(-value, 0) : above - Math.Max(value, 0);
            double z = gain * ((own * Math.Max(positive ? value : -value, 0)) + (others / channels));
            shares[c] = gain * upper[pixels.At(c, p)] / (z + Elementwise.Stabilizer);
            (ofPositive, ofNegative) = positive ? (ofPositive + shares[c], ofNegative) : (ofPositive, ofNegative + shares[c]);
        }

        for (int c = 0; c < channels; c++)
        {
            double value = x[pixels.At(c, p)];
            bool positive = pixels.Scale(c, p) > 0;
            double fromOthers = value < 0 ? ofPositive - (positive ? shares[c] : 0) : ofNegative - (positive ? 0 : shares[c]);
            double fromOwn = value > 0 == positive ? own * shares[c] : 0;
            lower[pixels.At(c, p)] = (float)(Math.Abs(value) * (fromOwn + (fromOthers / channels)));
        }
    }
}
