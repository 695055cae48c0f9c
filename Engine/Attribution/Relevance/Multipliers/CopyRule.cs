namespace Interp.Engine.Attribution.Relevance.Multipliers;

/// <summary>A sum hands its multiplier to each input.</summary>
internal sealed class CopyRule() : LayerRule("copy")
{
    /// <inheritdoc/>
    public override bool ReadsInputs => false;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper) => [.. layer.Node.Inputs.Select(_ => upper)];
}
