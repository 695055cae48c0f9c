using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>A sum hands on in proportion to what each input adds above zero: R_k = x⁺_k·R / Σ_k x⁺_k; z⁺ with weights of 1.</summary>
internal sealed class PositiveSumRule() : LayerRule("positive-sum")
{
    public override bool Fits(Layer layer) => layer is Add;

    public override float[][] Back(LayerPass layer, float[] upper)
    {
        float[][] inputs = [.. Enumerable.Range(0, layer.Node.Inputs.Length).Select(i => Array.ConvertAll(layer.Input(i), Positive))];
        float[] s = Elementwise.Divide(upper, inputs.Aggregate(Elementwise.Add), Elementwise.Stabilizer);
        return [.. inputs.Select(x => Elementwise.Product(x, s))];
    }

    private static float Positive(float x) => MathF.Max(x, 0);
}
