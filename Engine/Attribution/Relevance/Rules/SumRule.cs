namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>A sum of inputs hands on in proportion: R_k = x_k · R / (z + ε·sign z), z = Σ_k x_k.</summary>
internal sealed class SumRule : LayerRule
{
    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        float[][] inputs = [.. Enumerable.Range(0, layer.Node.Inputs.Length).Select(layer.Input)];
        float[] s = Elementwise.Divide(upper, inputs.Aggregate(Elementwise.Add), Elementwise.Stabilizer);
        return [.. inputs.Select(x => Elementwise.Product(x, s))];
    }
}
