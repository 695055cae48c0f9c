using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Multipliers;

/// <summary>
/// DeepLIFT at a max-pool, as in captum: of Δy = y − y′, the part max(y, y′) − y′ belongs to the picture's winner and the part y − max(y, y′) to the
/// reference's, so that one of them receives all; m_in = m_out·Δy/Δx there, and the gradient at the picture where |Δx| &lt; 1e-10. Where windows overlap,
/// parts are added up, which captum does not do.
/// </summary>
internal sealed class RescalePoolRule : LayerRule
{
    /// <inheritdoc/>
    public override bool ReadsOutput => true;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        (float[] y, float[] y0) = (layer.Output, layer.ReferenceOutput);
        var rise = new float[y.Length];
        var fall = new float[y.Length];
        for (int i = 0; i < y.Length; i++)
        {
            float difference = upper[i] * (y[i] - y0[i]);
            (y[i] > y0[i] ? rise : fall)[i] = difference;
        }

        using PartRun pool = layer.Open();
        (float[] x, float[] x0) = (layer.Input(), layer.ReferenceInput);
        pool.Forward(x0);
        float[] fallen = pool.Back(fall);
        pool.Forward(x);
        float[] risen = pool.Back(rise);
        float[] lower = pool.Back(upper);
        for (int i = 0; i < lower.Length; i++)
        {
            float change = x[i] - x0[i];
            if (MathF.Abs(change) >= RescaleRule.Least)
            {
                lower[i] = (risen[i] + fallen[i]) / change;
            }
        }

        return [lower];
    }
}
