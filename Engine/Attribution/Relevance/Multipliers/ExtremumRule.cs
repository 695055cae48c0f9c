using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Multipliers;

/// <summary>
/// DeepLIFT at a maximum or minimum of two maps, as a sum and a ReLU: max(a, b) = a + ReLU(b − a), whose change by the rescale rule is
/// Δy = Δa + ρ·(Δb − Δa) with ρ = ΔReLU(b − a)/Δ(b − a); so m_a = (1 − ρ)·m and m_b = ρ·m, exact, and of min(a, b) with 1 − ρ and ρ
/// changing places. At equal differences ρ is the share of b in the output.
/// </summary>
internal sealed class ExtremumRule() : LayerRule("extremum")
{
    public override bool Fits(Layer layer) => layer is Extremum;

    public override float[][] Back(LayerPass layer, float[] upper)
    {
        var extremum = (Extremum)layer.Node.Layer;
        (float[] a, float[] b) = (layer.Input(0), layer.Input(1));
        (float[] a0, float[] b0) = (layer.ReferenceInput(0), layer.ReferenceInput(1));
        var (toA, toB) = (new float[upper.Length], new float[upper.Length]);
        for (int i = 0; i < upper.Length; i++)
        {
            double distance = (double)b[i] - a[i], distance0 = (double)b0[i] - a0[i], change = distance - distance0;
            double rho = (Math.Max(distance, 0) - Math.Max(distance0, 0)) / change;
            double ofB = Math.Abs(change) < RescaleRule.Least ? 1 - extremum.Share(a[i], b[i]) : extremum.Least ? 1 - rho : rho;
            (toA[i], toB[i]) = ((float)((1 - ofB) * upper[i]), (float)(ofB * upper[i]));
        }

        return [toA, toB];
    }
}
