using Interp.Engine.Layers;

namespace Interp.Engine.Reference.Kernels;

/// <summary>The larger or smaller of two values; backward to the one that was chosen.</summary>
internal static class ExtremumKernel
{
    internal static void Forward(Extremum layer, Tensor64 a, Tensor64 b, Tensor64 y)
    {
        for (int i = 0; i < y.Values.Length; i++)
        {
            y.Values[i] = layer.Least ? Math.Min(a.Values[i], b.Values[i]) : Math.Max(a.Values[i], b.Values[i]);
        }
    }

    internal static void Backward(Extremum layer, NodeState a, NodeState b, Tensor64 upstream)
    {
        for (int i = 0; i < upstream.Values.Length; i++)
        {
            double share = layer.Share(a.Activation.Values[i], b.Activation.Values[i]);
            a.Gradient!.Values[i] += share * upstream.Values[i];
            b.Gradient!.Values[i] += (1 - share) * upstream.Values[i];
        }
    }
}
