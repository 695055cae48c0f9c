using Interp.Engine.Layers;

namespace Interp.Engine.Reference.Kernels;

/// <summary>Layers each of whose output channels is one of the input's: slices and shuffles.</summary>
internal static class ChannelMoveKernel
{
    internal static void Forward(ChannelSlice slice, Tensor64 x, Tensor64 y) => Forward(c => slice.First + c, x, y);

    internal static void Forward(ChannelShuffle shuffle, Tensor64 x, Tensor64 y) => Forward(c => Source(shuffle, c, x.C), x, y);

    internal static void Backward(ChannelSlice slice, Tensor64 upstream, Tensor64 gradient) =>
        Backward(c => slice.First + c, upstream, gradient);

    internal static void Backward(ChannelShuffle shuffle, Tensor64 upstream, Tensor64 gradient) =>
        Backward(c => Source(shuffle, c, gradient.C), upstream, gradient);

    /// <summary>Output channel j·G + i is input channel i·C/G + j.</summary>
    private static int Source(ChannelShuffle shuffle, int channel, int channels) =>
        channel % shuffle.Groups * (channels / shuffle.Groups) + channel / shuffle.Groups;

    private static void Forward(Func<int, int> source, Tensor64 x, Tensor64 y)
    {
        for (int i = 0; i < y.Values.Length; i++)
        {
            y.Values[i] = x.Values[Place(source, x, y, i)];
        }
    }

    private static void Backward(Func<int, int> source, Tensor64 upstream, Tensor64 gradient)
    {
        for (int i = 0; i < upstream.Values.Length; i++)
        {
            gradient.Values[Place(source, gradient, upstream, i)] += upstream.Values[i];
        }
    }

    private static int Place(Func<int, int> source, Tensor64 x, Tensor64 y, int i)
    {
        int plane = y.H * y.W;
        return (i / plane / y.C * x.C + source(y.ChannelOf(i))) * plane + i % plane;
    }
}
