using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Engine.Models;

/// <summary>
/// torchvision's preparation of an image: resize so that the shorter side is <see cref="ResizeShorterSide"/> (with antialiasing), cut out
/// the middle <see cref="InputSize"/>×<see cref="InputSize"/>, divide by 255, subtract the mean and divide by the standard deviation of
/// each channel: x = (v/255 − mean) / deviation for pixels v in 0…255. Networks that want other units have them in mean and deviation: for
/// x = (v·s − m) / d these are m/(255·s) and d/(255·s).
/// </summary>
public sealed record Preprocessing
{
    /// <summary>torchvision's values for its ImageNet classifiers: 256, 224, mean 0.485 0.456 0.406, deviation 0.229 0.224 0.225.</summary>
    public static Preprocessing ImageNet { get; } = new();

    /// <summary>The shorter side after resizing, in pixels; both sides where the image is stretched.</summary>
    public int ResizeShorterSide { get; init; } = 256;

    /// <summary>The side of the square cut out of the middle, in pixels: the network's input size.</summary>
    public int InputSize { get; init; } = 224;

    /// <summary>The filter with which the image is resized.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>Whether the image is resized to a square whatever its proportions, instead of keeping them.</summary>
    public bool Stretch { get; init; }

    /// <summary>The order in which the network takes the colours.</summary>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>Mean of each channel in the order of <see cref="ChannelOrder"/>, for values in 0…1.</summary>
    public ImmutableArray<float> Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>Standard deviation of each channel in the order of <see cref="ChannelOrder"/>, for values in 0…1.</summary>
    public ImmutableArray<float> Deviation { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>The same preparation for another input size; the shorter side keeps its proportion to it (torchvision's: 256 to 224).
    /// </summary>
    /// <exception cref="InputException">The size is below 32 or above 4096.</exception>
    public Preprocessing WithInputSize(int size) => size is < 32 or > 4096
        ? throw new InputException($"input size {size}: expected 32 to 4096 pixels")
        : this with { InputSize = size, ResizeShorterSide = (int)Math.Round(size * (double)ResizeShorterSide / InputSize) };

    /// <inheritdoc/>
    public bool Equals(Preprocessing? other) => other is not null && ResizeShorterSide == other.ResizeShorterSide
        && InputSize == other.InputSize && Interpolation == other.Interpolation && Stretch == other.Stretch
        && ChannelOrder == other.ChannelOrder && Mean.SequenceEqual(other.Mean) && Deviation.SequenceEqual(other.Deviation);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(ResizeShorterSide, InputSize, Interpolation, Stretch, ChannelOrder, Mean[0], Deviation[0]);

    /// <summary>Width and height of an image of the given size once it is resized, before the middle is cut out.</summary>
    internal (long Width, long Height) Resized(int width, int height)
    {
        double shorter = Math.Min(width, height);
        return Stretch
            ? (ResizeShorterSide, ResizeShorterSide)
            : ((long)(ResizeShorterSide * (long)width / shorter), (long)(ResizeShorterSide * (long)height / shorter));
    }

    /// <summary>
    /// Where the middle begins on a side of that length, at torchvision's rounding (halves to even); negative where the side is shorter
    /// than the middle, and the padding puts the smaller half first.
    /// </summary>
    internal long CropOffset(long resized) => resized < InputSize
        ? -((InputSize - resized) / 2)
        : (long)Math.Round((resized - InputSize) / 2.0, MidpointRounding.ToEven);
}
