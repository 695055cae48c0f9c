using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Multipliers;

/// <summary>A linear layer's multipliers: m_in = Wᵀ m_out, its gradient.</summary>
internal sealed class TransposeRule() : LayerRule("transpose")
{
    /// <inheritdoc/>
    public override bool ReadsInputs => false;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        using PartRun run = layer.Open();
        return [run.Back(upper)];
    }
}
