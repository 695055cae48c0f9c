using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>A max-pool hands all to the input that won, the first among equals.</summary>
internal sealed class WinnerRule : LayerRule
{
    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        using PartRun pool = layer.Open();
        pool.Forward(layer.Input());
        return [pool.Back(upper)];
    }
}
