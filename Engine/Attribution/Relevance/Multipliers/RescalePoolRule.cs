using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance.Multipliers;

/// <summary>
/// DeepLIFT at a max-pool, as in captum: of Δy = y − y′, the part max(y, y′) − y′ belongs to the image's winner and the part y − max(y,
/// y′) to the reference's, so that one of them receives all; m_in = m_out·Δy/Δx there, and the gradient at the image where |Δx| &lt;
/// 1e-10. Where windows overlap, parts are added up, which captum does not do.
/// </summary>
/// <remarks>
/// A reference of one colour makes whole maps of equal values, which rounding tells apart in its own way on every machine. So the
/// reference's winner is the first value within 1e-5 of the largest, which is the first of equal ones in exact arithmetic too.
/// </remarks>
internal sealed class RescalePoolRule() : LayerRule("rescale-pool")
{
    private const float Rounding = 1e-5f;

    /// <inheritdoc/>
    public override bool ReadsOutput => true;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        (float[] x, float[] x0) = (layer.Input(), layer.ReferenceInput());
        (float[] y, float[] y0) = (layer.Output, layer.ReferenceOutput);
        var rise = new float[y.Length];
        for (int i = 0; i < y.Length; i++)
        {
            rise[i] = y[i] > y0[i] ? upper[i] * (y[i] - y0[i]) : 0;
        }

        using PartRun pool = layer.Open();
        pool.Forward(x);
        float[] moved = pool.Back(rise);
        float[] lower = pool.Back(upper);
        AddFalls(layer, upper, moved);
        for (int i = 0; i < lower.Length; i++)
        {
            float change = x[i] - x0[i];
            if (MathF.Abs(change) >= RescaleRule.Least)
            {
                lower[i] = moved[i] / change;
            }
        }

        return [lower];
    }

    /// <summary>Adds m·Δy of every output that is lower than on the reference at the reference's winner.</summary>
    private static void AddFalls(LayerPass layer, float[] upper, float[] moved)
    {
        (Shape input, Shape output) = (layer.InputShape(), layer.OutputShape);
        Window window = MaxPool2d.Of(layer.Node.Layer, input)!.Window.At(input[2], input[3]);
        (float[] x0, float[] y, float[] y0) = (layer.ReferenceInput(), layer.Output, layer.ReferenceOutput);
        int plane = output[2] * output[3];
        for (int o = 0; o < y.Length; o++)
        {
            if (y[o] < y0[o])
            {
                // Half the fall at most, so that the winner falls too, and its multiplier stays below 2.
                float least = y0[o] - MathF.Min(Rounding * MathF.Abs(y0[o]), (y0[o] - y[o]) / 2);
                int at = First(window, input, o % plane / output[3], o % output[3], x0.AsSpan(o / plane * input[2] * input[3]), least);
                moved[(o / plane * input[2] * input[3]) + at] += upper[o] * (y[o] - y0[o]);
            }
        }
    }

    /// <summary>The first place of an output's window that holds at least a value.</summary>
    private static int First(Window window, Shape input, int i, int j, ReadOnlySpan<float> map, float least)
    {
        for (int p = 0; p < window.Kernel.H; p++)
        {
            int row = (i * window.Stride.H) - window.Padding.H + (p * window.Dilation.H);
            for (int q = 0; q < window.Kernel.W; q++)
            {
                int column = (j * window.Stride.W) - window.Padding.W + (q * window.Dilation.W);
                if (row >= 0 && row < input[2] && column >= 0 && column < input[3] && map[(row * input[3]) + column] >= least)
                {
                    return (row * input[3]) + column;
                }
            }
        }

        throw new InvalidOperationException("the maximum of a window does not stand in it");
    }
}
