using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>A max-pool hands all to the input that won, the first among equals; a maximum or minimum of two maps to the one it took, to
/// equal ones
/// half each.</summary>
public sealed class WinnerRule() : LayerRule("winner")
{
    /// <inheritdoc/>
    public override bool Fits(Layer layer) => layer is MaxPool2d or AdaptiveMaxPool2d or Extremum;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        if (layer.Node.Layer is Extremum extremum)
        {
            float[] share = [.. layer.Input(0).Zip(layer.Input(1), (a, b) => (float)extremum.Share(a, b))];
            return [Elementwise.Product(upper, share), [.. upper.Zip(share, (r, s) => r * (1 - s))]];
        }

        using PartRun pool = layer.Open();
        pool.Run(layer.Input());
        return [pool.Back(upper)];
    }
}
