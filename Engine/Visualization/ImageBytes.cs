using Interp.Engine.Arithmetic;
using Interp.Engine.Imaging;

namespace Interp.Engine.Visualization;

/// <summary>Between float images, planes of values 0…1, and 8-bit ones.</summary>
public static class ImageBytes
{
    private const int Colours = 3;

    /// <summary>One image of a batch <c>[N,C,H,W]</c> in 8 bits, each value 255·v rounded to the nearest; grey as three equal values a
    /// pixel.</summary>
    public static RgbImage Of(Canvas canvas, ReadOnlySpan<float> images, int index)
    {
        ReadOnlySpan<float> image = images.Slice(index * canvas.Image, canvas.Image);
        var bytes = new byte[Colours * canvas.Plane];
        for (int c = 0; c < Colours; c++)
        {
            ReadOnlySpan<float> plane = image.Slice(canvas.Channels == 1 ? 0 : c * canvas.Plane, canvas.Plane);
            for (int i = 0; i < canvas.Plane; i++)
            {
                bytes[(Colours * i) + c] = (byte)Math.Clamp(Math.Round(255.0 * plane[i]), 0, 255);
            }
        }

        return new RgbImage(canvas.Width, canvas.Height, bytes);
    }

    /// <summary>The same image <paramref name="count"/> times as planes <c>[N,C,H,W]</c> of v/255; one channel is its grey (ITU-R
    /// 601).</summary>
    public static float[] ToPlanes(RgbImage image, int count, int channels = Colours)
    {
        var canvas = new Canvas(count, image.Height, image.Width, channels);
        byte[] pixels = Luma.Seen(image, channels).Pixels;
        var planes = new float[canvas.Length];
        for (int c = 0; c < channels; c++)
        {
            for (int i = 0; i < canvas.Plane; i++)
            {
                planes[(c * canvas.Plane) + i] = pixels[(Colours * i) + c] / 255f;
            }
        }

        for (int n = 1; n < count; n++)
        {
            planes.AsSpan(0, canvas.Image).CopyTo(planes.AsSpan(n * canvas.Image));
        }

        return planes;
    }

    /// <summary>Every plane at another size, bilinearly.</summary>
    public static float[] Resize(Canvas from, ReadOnlySpan<float> images, Canvas to)
    {
        var result = new float[to.Length];
        for (int plane = 0; plane < from.Count * from.Channels; plane++)
        {
            Bilinear.Resize(images.Slice(plane * from.Plane, from.Plane), (from.Height, from.Width), (to.Height, to.Width)).CopyTo(
                result.AsSpan(plane * to.Plane));
        }

        return result;
    }
}
