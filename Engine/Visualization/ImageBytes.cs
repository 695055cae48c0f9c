using Interp.Engine.Arithmetic;
using Interp.Engine.Imaging;

namespace Interp.Engine.Visualization;

/// <summary>Between float images, planes of values 0…1, and 8-bit ones.</summary>
public static class ImageBytes
{
    /// <summary>One image of a batch <c>[N,3,H,W]</c> in 8 bits, each value 255·v rounded to the nearest.</summary>
    public static RgbImage Of(Canvas canvas, ReadOnlySpan<float> images, int index)
    {
        ReadOnlySpan<float> image = images.Slice(index * canvas.Image, canvas.Image);
        var bytes = new byte[canvas.Image];
        for (int c = 0; c < Canvas.Channels; c++)
        {
            for (int i = 0; i < canvas.Plane; i++)
            {
                bytes[(Canvas.Channels * i) + c] = (byte)Math.Clamp(Math.Round(255.0 * image[(c * canvas.Plane) + i]), 0, 255);
            }
        }

        return new RgbImage(canvas.Width, canvas.Height, bytes);
    }

    /// <summary>The same image <paramref name="count"/> times as planes <c>[N,3,H,W]</c> of v/255.</summary>
    public static float[] ToPlanes(RgbImage image, int count)
    {
        var canvas = new Canvas(count, image.Height, image.Width);
        var planes = new float[canvas.Length];
        for (int c = 0; c < Canvas.Channels; c++)
        {
            for (int i = 0; i < canvas.Plane; i++)
            {
                planes[(c * canvas.Plane) + i] = image.Pixels[(Canvas.Channels * i) + c] / 255f;
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
        for (int plane = 0; plane < from.Count * Canvas.Channels; plane++)
        {
            Bilinear.Resize(images.Slice(plane * from.Plane, from.Plane), (from.Height, from.Width), (to.Height, to.Width)).CopyTo(
                result.AsSpan(plane * to.Plane));
        }

        return result;
    }
}
