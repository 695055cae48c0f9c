namespace Interp.Engine.Reference.Kernels;

/// <summary>y = x above 0, a[c]·x elsewhere; backward as any activation of known slopes.</summary>
internal static class PReLUKernel
{
    /// <summary>Returns the slopes.</summary>
    internal static double[] Forward(Tensor64 x, float[] slopes, Tensor64 y)
    {
        double[] found = Slopes(x, slopes, x.Values);
        for (int i = 0; i < found.Length; i++)
        {
            y.Values[i] = found[i] * x.Values[i];
        }

        return found;
    }

    /// <summary>The slopes at some values in the layout of x.</summary>
    internal static double[] Slopes(Tensor64 x, float[] slopes, double[] values) =>
        [.. values.Select((v, i) => v > 0 ? 1 : slopes[x.ChannelOf(i)])];
}
