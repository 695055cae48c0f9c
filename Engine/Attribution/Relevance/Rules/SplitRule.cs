using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// Layers that only rearrange hand each value's share to where it came from: a concatenation to its inputs, a slice and a shuffle to the
/// channels that they took, padding and the nearest neighbour to the pixel. What comes to a constant of the padding is lost.
/// </summary>
public sealed class SplitRule() : LayerRule("split")
{
    /// <inheritdoc/>
    public override bool ReadsInputs => false;

    /// <inheritdoc/>
    public override bool Fits(Layer layer) => layer is Concat or ChannelSlice or ChannelShuffle or IPixelLayer;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        if (layer.Node.Layer is not Concat)
        {
            using PartRun run = layer.Open();
            return [run.Back(upper)];
        }

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
