namespace Interp.Engine.Reference.Kernels;

/// <summary>y = s·x + t per channel; backward s·R.</summary>
internal static class ChannelAffineKernel
{
    internal static void Forward(Tensor64 x, float[][] weights, Tensor64 y)
    {
        for (int i = 0; i < x.Values.Length; i++)
        {
            int c = x.ChannelOf(i);
            y.Values[i] = (double)weights[0][c] * x.Values[i] + weights[1][c];
        }
    }

    internal static void Backward(Tensor64 upstream, float[] scale, Tensor64 gradient)
    {
        for (int i = 0; i < upstream.Values.Length; i++)
        {
            gradient.Values[i] += scale[upstream.ChannelOf(i)] * upstream.Values[i];
        }
    }
}
