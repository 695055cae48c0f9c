namespace Interp.Engine.Imaging;

/// <summary>A part of an image, in pixels.</summary>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct PixelWindow(int Left, int Top, int Width, int Height);
