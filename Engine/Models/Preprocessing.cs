using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Engine.Models;

/// <summary>
/// torchvision's preparation of an image: resize so that the shorter side is <see cref="ResizeShorterSide"/> (with antialiasing), cut out
/// the middle <see cref="Height"/>×<see cref="Width"/>, divide by 255, subtract the mean and divide by the standard deviation of
/// each channel: x = (v/255 − mean) / deviation for pixels v in 0…255. Networks that want other units have them in mean and deviation: for
/// x = (v·s − m) / d these are m/(255·s) and d/(255·s). With one mean instead of three the image becomes grey first, as Pillow's <c>L</c>:
/// ITU-R 601's luma of 8 bits.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>torchvision's values for its ImageNet classifiers: 256, 224, mean 0.485 0.456 0.406, deviation 0.229 0.224 0.225.</summary>
    public static Preprocessing ImageNet { get; } = new();

    private const int LeastSide = 1, LargestSide = 4096;

    /// <summary>The shorter side after resizing, in pixels. Where the image is stretched it is that of a square, and of an input that is
    /// none the longer side, the other in its proportion.</summary>
    public int ResizeShorterSide { get; init; } = 256;

    /// <summary>Height of what is cut out of the middle, in pixels, and its width where <see cref="InputWidth"/> says nothing else: the
    /// network's input size.</summary>
    public int InputSize { get; init; } = 224;

    /// <summary>Width of what is cut out of the middle, in pixels; null where the network's input is a square.</summary>
    public int? InputWidth { get; init; }

    /// <summary>Height of the network's input in pixels.</summary>
    public int Height => InputSize;

    /// <summary>Width of the network's input in pixels.</summary>
    public int Width => InputWidth ?? InputSize;

    /// <summary>Channels of the network's input: three colours, or one for grey.</summary>
    public int Channels => Mean.Length;

    /// <summary>The filter with which the image is resized.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>Whether the image is resized to the proportions of the network's input, instead of keeping its own.</summary>
    public bool Stretch { get; init; }

    /// <summary>The order in which the network takes the colours.</summary>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>Mean of each channel in the order of <see cref="ChannelOrder"/>, for values in 0…1.</summary>
    public ImmutableArray<float> Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>Standard deviation of each channel in the order of <see cref="ChannelOrder"/>, for values in 0…1.</summary>
    public ImmutableArray<float> Deviation { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>Which image files are the network's input already.</summary>
    public PreparedImages Prepared { get; init; }

    /// <summary>The same preparation for another input size; the shorter side keeps its proportion to it (torchvision's: 256 to 224).
    /// </summary>
    /// <exception cref="InputException">The size is below 1 or above 4096.</exception>
    public Preprocessing WithInputSize(int size) => WithInputSize(size, size);

    /// <summary>The same preparation for an input of another height and width; the shorter side keeps its proportion to the longer of
    /// them, so that the cut fits whatever the image's proportions.</summary>
    /// <exception cref="InputException">A side is below 1 or above 4096.</exception>
    public Preprocessing WithInputSize(int height, int width)
    {
        if (Math.Min(height, width) < LeastSide || Math.Max(height, width) > LargestSide)
        {
            throw new InputException($"input size {SizeText(height, width)}: expected {LeastSide} to {LargestSide} pixels");
        }

        double resize = Math.Max(height, width) * (double)ResizeShorterSide / LongerSide;
        return this with
        {
            InputSize = height,
            InputWidth = width == height ? null : width,
            ResizeShorterSide = (int)Math.Round(resize),
        };
    }

    /// <summary>The usual preparation of grey images in these units: one channel with the mean of the colours' means and of their
    /// deviations.</summary>
    public Preprocessing Grey() => this with
    {
        Mean = [Mean.Average()],
        Deviation = [Deviation.Average()],
        ChannelOrder = ChannelOrder.Rgb,
    };

    /// <inheritdoc/>
    public bool Equals(Preprocessing? other) => other is not null && ResizeShorterSide == other.ResizeShorterSide
        && (Height, Width) == (other.Height, other.Width) && Interpolation == other.Interpolation && Stretch == other.Stretch
        && ChannelOrder == other.ChannelOrder && Prepared == other.Prepared && Mean.SequenceEqual(other.Mean)
        && Deviation.SequenceEqual(other.Deviation);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(ResizeShorterSide, (Height, Width), Interpolation, Stretch, ChannelOrder, Mean[0], Deviation[0]);

    /// <summary>The longer side of the network's input.</summary>
    internal int LongerSide => Math.Max(Height, Width);

    /// <summary>Width and height of an image of the given size once it is resized, before the middle is cut out.</summary>
    internal (long Width, long Height) Resized(int width, int height)
    {
        if (Stretch)
        {
            return (Math.Max(1, (long)Math.Round(Width * (double)ResizeShorterSide / LongerSide)),
                Math.Max(1, (long)Math.Round(Height * (double)ResizeShorterSide / LongerSide)));
        }

        double shorter = Math.Min(width, height);
        return ((long)(ResizeShorterSide * (long)width / shorter), (long)(ResizeShorterSide * (long)height / shorter));
    }

    /// <summary>
    /// Where the middle begins on a side of that length, at torchvision's rounding (halves to even); negative where the side is shorter
    /// than the middle, and the padding puts the smaller half first.
    /// </summary>
    /// <param name="resized">The side after resizing.</param>
    /// <param name="middle">The same side of the network's input.</param>
    internal static long CropOffset(long resized, int middle) => resized < middle
        ? -((middle - resized) / 2)
        : (long)Math.Round((resized - middle) / 2.0, MidpointRounding.ToEven);

    private static string SizeText(int height, int width) => height == width ? $"{height}" : $"{height}x{width}";
}
