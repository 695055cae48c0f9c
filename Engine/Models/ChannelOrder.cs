namespace Interp.Engine.Models;

/// <summary>In which order a network takes the colours of an image.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue: torchvision's networks.</summary>
    Rgb,

    /// <summary>Blue, green, red: networks that came from Caffe, and Keras's older ones.</summary>
    Bgr,
}

/// <summary>What follows from an order of colours.</summary>
internal static class ChannelOrders
{
    /// <summary>The plane that holds a colour (0 red, 1 green, 2 blue); also the colour that a plane holds.</summary>
    internal static int Plane(this ChannelOrder order, int colour) => order == ChannelOrder.Bgr ? 2 - colour : colour;

    /// <summary>Images of three planes, dense one after another, from red, green, blue to this order; also from this order back.</summary>
    internal static void Exchange(this ChannelOrder order, Span<float> images, int plane)
    {
        if (order == ChannelOrder.Rgb)
        {
            return;
        }

        float[] first = new float[plane];
        for (int at = 0; at < images.Length; at += 3 * plane)
        {
            Span<float> red = images.Slice(at, plane), blue = images.Slice(at + (2 * plane), plane);
            red.CopyTo(first);
            blue.CopyTo(red);
            first.CopyTo(blue);
        }
    }
}
