using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Weights.Raw;

/// <summary>
/// Bounds on the attributes of a layer from an untrusted file, checked before anything is computed from them, so that no shape arithmetic
/// can overflow. Whether layers fit together is checked by the network.
/// </summary>
internal static class LayerLimits
{
    /// <summary>Checks one layer.</summary>
    /// <exception cref="ModelException">An attribute is negative, zero where it may not be, or absurdly large.</exception>
    internal static void Check(Layer layer)
    {
        switch (layer)
        {
            case Input input:
                Within("channels", input.Channels, 1, RawFormat.MaxChannels);
                break;
            case Conv2d conv:
                Within("in_channels", conv.InChannels, 1, RawFormat.MaxChannels);
                Within("out_channels", conv.OutChannels, 1, RawFormat.MaxChannels);
                Within("groups", conv.Groups, 1, RawFormat.MaxChannels);
                Check(conv.Window);
                break;
            case MaxPool2d pool:
                Check(pool.Window);
                break;
            case AdaptiveAvgPool2d pool:
                Check("output", pool.Output, 1);
                break;
            case AdaptiveMaxPool2d pool:
                Check("output", pool.Output, 1);
                break;
            case Pad2d pad:
                Check("start", pad.Start, -RawFormat.MaxExtent);
                Check("end", pad.End, -RawFormat.MaxExtent);
                break;
            case Upsample upsample:
                Check("size", upsample.Size ?? Size2.Square(1), 1);
                if (!(upsample.ScaleH is > 0 and <= RawFormat.MaxExtent && upsample.ScaleW is > 0 and <= RawFormat.MaxExtent))
                {
                    throw new ModelException(
                        $"the scale is {upsample.ScaleH} by {upsample.ScaleW}, expected more than 0 to {RawFormat.MaxExtent}");
                }

                break;
            case Linear linear:
                Within("in_features", linear.InFeatures, 1, RawFormat.MaxChannels);
                Within("out_features", linear.OutFeatures, 1, RawFormat.MaxChannels);
                break;
            case AvgPool2d pool:
                Check(pool.Window);
                break;
            case PReLU prelu:
                Within("channels", prelu.Channels, 1, RawFormat.MaxChannels);
                break;
            case ChannelAffine affine:
                Within("channels", affine.Channels, 1, RawFormat.MaxChannels);
                break;
            case GroupNorm norm:
                Within("groups", norm.Groups, 1, RawFormat.MaxChannels);
                Within("channels", norm.Channels, 1, RawFormat.MaxChannels);
                break;
            case LayerNorm norm:
                Within("channels", norm.Channels, 1, RawFormat.MaxChannels);
                break;
            case ChannelSlice slice:
                Within("first", slice.First, 0, RawFormat.MaxChannels);
                Within("count", slice.Count, 1, RawFormat.MaxChannels);
                break;
            case ChannelShuffle shuffle:
                Within("groups", shuffle.Groups, 1, RawFormat.MaxChannels);
                break;
            case Dropout { P: not (>= 0 and <= 1) } dropout:
                throw new ModelException($"p is {dropout.P}, expected 0 to 1");
        }
    }

    private static void Check(Window window)
    {
        Check("kernel", window.Kernel, 1);
        Check("stride", window.Stride, 1);
        Check("padding", window.Padding, 0);
        Check("padding_end", window.PaddingEnd ?? window.Padding, 0);
        Check("dilation", window.Dilation, 1);
    }

    private static void Check(string what, Size2 size, int least)
    {
        Within(what, size.H, least, RawFormat.MaxExtent);
        Within(what, size.W, least, RawFormat.MaxExtent);
    }

    private static void Within(string what, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw new ModelException($"{what} is {value}, expected {least} to {most}");
        }
    }
}
