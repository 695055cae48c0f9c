using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Multipliers;

/// <summary>
/// DeepLIFT at a product, whose change is shared out exactly and evenly: Δ(ab) = ½(a + a′)·Δb + ½(b + b′)·Δa, so m_a = ½(b + b′)·m and
/// m_b = ½(a + a′)·m, added up over the places that share a gate. That is the Shapley value of the two factors.
/// </summary>
internal sealed class ProductRule() : LayerRule("product")
{
    public override bool Fits(Layer layer) => layer is Multiply;

    public override float[][] Back(LayerPass layer, float[] upper)
    {
        (float[] map, float[] gate) = (Mean(layer, 0), Mean(layer, 1));
        (int channels, int plane) = (layer.OutputShape[1], map.Length / layer.OutputShape[1]);
        bool isSpatial = gate.Length == plane && channels > 1;
        int share = map.Length / gate.Length;
        var (toMap, toGate) = (new float[map.Length], new double[gate.Length]);
        for (int i = 0; i < map.Length; i++)
        {
            int at = isSpatial ? i % plane : i / share;
            toMap[i] = upper[i] * gate[at];
            toGate[at] += (double)upper[i] * map[i];
        }

        return [toMap, Array.ConvertAll(toGate, m => (float)m)];
    }

    private static float[] Mean(LayerPass layer, int input) =>
        [.. layer.Input(input).Zip(layer.ReferenceInput(input), (a, b) => (a + b) / 2)];
}
