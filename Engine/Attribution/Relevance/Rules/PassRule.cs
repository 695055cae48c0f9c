namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>Hands on unchanged what arrives: activation functions, and layers that only rearrange.</summary>
internal sealed class PassRule : LayerRule
{
    /// <inheritdoc/>
    public override bool ReadsInputs => false;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper) => [upper];
}
