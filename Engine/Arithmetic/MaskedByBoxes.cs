namespace Interp.Engine.Arithmetic;

/// <summary>The image with a rectangle of the fill. The numbers are its edges: top, bottom, left, right.</summary>
/// <param name="image">The image, <c>[C,H,W]</c>.</param>
/// <param name="fill">As large.</param>
/// <param name="size">H and W.</param>
/// <param name="boxes">An image's rectangle: rows Top … Bottom − 1 and columns Left … Right − 1. That of an index below 0 is
/// empty.</param>
internal sealed class MaskedByBoxes(
    float[] image, float[] fill, (int Height, int Width) size, Func<int, (int Top, int Bottom, int Left, int Right)> boxes)
    : MaskedImages(image, fill, [size.Height, size.Width])
{
    /// <summary>W.</summary>
    internal int Width => size.Width;

    /// <inheritdoc/>
    internal override int Plane => size.Height * size.Width;

    /// <inheritdoc/>
    internal override float[] Numbers(int index)
    {
        (int top, int bottom, int left, int right) = Box(index);
        return [top, bottom, left, right];
    }

    /// <inheritdoc/>
    internal override void Make(int index, Span<float> input)
    {
        Image.CopyTo(input);
        (int top, int bottom, int left, int right) = Box(index);
        for (int plane = 0; plane < input.Length; plane += Plane)
        {
            for (int y = top; y < bottom; y++)
            {
                int row = plane + (y * Width);
                Fill.AsSpan((row + left)..(row + right)).CopyTo(input[(row + left)..]);
            }
        }
    }

    private (int Top, int Bottom, int Left, int Right) Box(int index) => index < 0 ? default : boxes(index);
}
