namespace Interp.Engine.Reference.Kernels;

/// <summary>The product of a map and a gate, which has one value for each channel, each pixel or each value of the map.</summary>
internal static class MultiplyKernel
{
    internal static void Forward(Tensor64 x, Tensor64 gate, Tensor64 y)
    {
        for (int i = 0; i < y.Values.Length; i++)
        {
            y.Values[i] = x.Values[i] * gate.Values[Gate(x, gate, i)];
        }
    }

    internal static void Backward(Tensor64 x, Tensor64 gate, Tensor64 upstream, Tensor64 gradient, Tensor64 gateGradient)
    {
        for (int i = 0; i < upstream.Values.Length; i++)
        {
            int g = Gate(x, gate, i);
            gradient.Values[i] += upstream.Values[i] * gate.Values[g];
            gateGradient.Values[g] += upstream.Values[i] * x.Values[i];
        }
    }

    private static int Gate(Tensor64 x, Tensor64 gate, int i) => gate.Shape == x.Shape ? i
        : gate.C == x.C ? i / (x.H * x.W)
        : i / (x.C * x.H * x.W) * (x.H * x.W) + i % (x.H * x.W);
}
