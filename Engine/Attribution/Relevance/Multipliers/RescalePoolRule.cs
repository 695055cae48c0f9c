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
        ArrayWork work = layer.Work;
        (float[] x, float[] x0) = (layer.Input(), layer.ReferenceInput());
        (float[] y, float[] y0) = (layer.Output, layer.ReferenceOutput);
        float[] rise = work.Take(y.Length);
        work.Run(y.Length, (first, count) =>
        {
            for (int i = first; i < first + count; i++)
            {
                rise[i] = y[i] > y0[i] ? upper[i] * (y[i] - y0[i]) : 0;
            }
        });
        using PartRun pool = layer.Open();
        pool.Run(x);
        float[] moved = pool.Back(rise), lower = pool.Back(upper);
        int channels = layer.OutputShape[1];
        work.Each(channels, c => AddFalls(layer, upper, moved, c));
        work.Run(lower.Length, (first, count) =>
        {
            for (int i = first; i < first + count; i++)
            {
                float change = x[i] - x0[i];
                lower[i] = MathF.Abs(change) >= RescaleRule.Least ? moved[i] / change : lower[i];
            }
        });
        work.Give(rise);
        work.Give(moved);
        return [lower];
    }

    /// <summary>Adds m·Δy of every output of a channel that is lower than on the reference at the reference's winner.</summary>
    private static void AddFalls(LayerPass layer, float[] upper, float[] moved, int channel)
    {
        (Shape input, Shape output) = (layer.InputShape(), layer.OutputShape);
        Window window = MaxPool2d.Of(layer.Node.Layer, input)!.Window.At(input[2], input[3]);
        int plane = output[2] * output[3], inputs = input[2] * input[3];
        ReadOnlySpan<float> x0 = layer.ReferenceInput().AsSpan(channel * inputs, inputs);
        (float[] y, float[] y0) = (layer.Output, layer.ReferenceOutput);
        for (int o = channel * plane; o < (channel + 1) * plane; o++)
        {
            if (y[o] < y0[o])
            {
                // Half the fall at most, so that the winner falls too, and its multiplier stays below 2.
                float least = y0[o] - MathF.Min(Rounding * MathF.Abs(y0[o]), (y0[o] - y[o]) / 2);
                int at = First(window, input, o % plane / output[3], o % output[3], x0, least);
                moved[(channel * inputs) + at] += upper[o] * (y[o] - y0[o]);
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
