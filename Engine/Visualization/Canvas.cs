namespace Interp.Engine.Visualization;

/// <summary>The size of a batch of images, RGB or grey, dense float32 <c>[N,C,H,W]</c>.</summary>
/// <param name="Count">N.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
/// <param name="Channels">C: 3 for red, green and blue, 1 for grey.</param>
public readonly record struct Canvas(int Count, int Height, int Width, int Channels = 3)
{
    /// <summary>Values of one plane.</summary>
    public int Plane => Height * Width;

    /// <summary>Values of one image.</summary>
    public int Image => Channels * Plane;

    /// <summary>Values in all.</summary>
    public int Length => Count * Image;
}
