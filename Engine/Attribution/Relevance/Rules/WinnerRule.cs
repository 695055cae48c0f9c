using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>A max-pool hands all to the input that won, the first among equals.</summary>
public sealed class WinnerRule() : LayerRule("winner")
{
    /// <inheritdoc/>
    public override bool Fits(Layer layer) => layer is MaxPool2d;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        using PartRun pool = layer.Open();
        pool.Forward(layer.Input());
        return [pool.Back(upper)];
    }
}
