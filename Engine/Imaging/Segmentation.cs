namespace Interp.Engine.Imaging;

/// <summary>An image cut into connected pieces.</summary>
/// <param name="Labels">
/// The piece of each pixel, row-major: 0 to <paramref name="Count"/> − 1, numbered in the order in which rows meet them.
/// </param>
/// <param name="Count">Number of pieces, each of at least one pixel.</param>
internal sealed record Segmentation(int[] Labels, int Count);
