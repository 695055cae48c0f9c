using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>A sum hands on in proportion to what each input adds above zero: R_k = x⁺_k·R / Σ_k x⁺_k; z⁺ with weights of 1.</summary>
internal sealed class PositiveSumRule() : LayerRule("positive-sum")
{
    public override bool Fits(Layer layer) => layer is Add;

    public override float[][] Back(LayerPass layer, float[] upper)
    {
        ArrayWork work = layer.Work;
        float[][] inputs = [.. Enumerable.Range(0, layer.Node.Inputs.Length).Select(i => work.Half(layer.Input(i), positive: true))];
        float[] sum = work.Add(inputs[0], inputs[1]);
        foreach (float[] further in inputs[2..])
        {
            work.Scale(sum, 1, further, adds: true);
        }

        float[] s = work.Divide(upper, sum, Elementwise.Stabilizer);
        float[][] lower = [.. inputs.Select(x => work.Product(x, s))];
        work.Give(sum);
        work.Give(s);
        Array.ForEach(inputs, work.Return);
        return lower;
    }
}
