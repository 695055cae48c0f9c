using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>A concatenation hands each input its own channels.</summary>
public sealed class SplitRule() : LayerRule("split")
{
    /// <inheritdoc/>
    public override bool ReadsInputs => false;

    /// <inheritdoc/>
    public override bool Fits(Layer layer) => layer is Concat;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        var lower = new float[layer.Node.Inputs.Length][];
        int at = 0;
        for (int i = 0; i < lower.Length; i++)
        {
            int count = (int)layer.InputShape(i).Count;
            lower[i] = upper[at..(at + count)];
            at += count;
        }

        return lower;
    }
}
