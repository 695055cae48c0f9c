using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// Sums and average pools hand on in proportion to what each input adds: R_k = x_k · R / (z + ε·sign z), z = Σ_k x_k, with ε = 1e-6; LRP-ε
/// for layers without weights.
/// </summary>
public sealed class NormRule() : LayerRule("norm")
{
    private static readonly EpsilonRule s_pool = new();

    /// <inheritdoc/>
    public override bool ReadsOutput => true;

    /// <inheritdoc/>
    public override bool Fits(Layer layer) => layer is Add or AdaptiveAvgPool2d or AvgPool2d;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        if (layer.Node.Layer is not Add)
        {
            return s_pool.Back(layer, upper);
        }

        float[] s = layer.Work.Divide(upper, layer.Output, Elementwise.Stabilizer);
        float[][] lower = [.. Enumerable.Range(0, layer.Node.Inputs.Length).Select(i => layer.Work.Product(layer.Input(i), s))];
        layer.Work.Give(s);
        return lower;
    }
}
