using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Engine.Models;

/// <summary>
/// torchvision's preparation of an image: resize so that the shorter side is <see cref="ResizeShorterSide"/> (bilinear with antialiasing),
/// cut out the middle <see cref="InputSize"/>×<see cref="InputSize"/>, divide by 255, subtract the mean and divide by the standard
/// deviation of each
/// channel (RGB).
/// </summary>
public sealed record Preprocessing
{
    /// <summary>torchvision's values for its ImageNet classifiers: 256, 224, mean 0.485 0.456 0.406, deviation 0.229 0.224 0.225.</summary>
    public static Preprocessing ImageNet { get; } = new();

    /// <summary>The shorter side after resizing, in pixels.</summary>
    public int ResizeShorterSide { get; init; } = 256;

    /// <summary>The side of the square cut out of the middle, in pixels: the network's input size.</summary>
    public int InputSize { get; init; } = 224;

    /// <summary>Mean of each channel, for values in 0…1.</summary>
    public ImmutableArray<float> Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>Standard deviation of each channel, for values in 0…1.</summary>
    public ImmutableArray<float> Deviation { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>The same preparation for another input size; the shorter side keeps torchvision's proportion of 256 to 224.</summary>
    /// <exception cref="InputException">The size is below 32 or above 4096.</exception>
    public Preprocessing WithInputSize(int size) => size is < 32 or > 4096
        ? throw new InputException($"input size {size}: expected 32 to 4096 pixels")
        : this with { InputSize = size, ResizeShorterSide = (int)Math.Round(size * 256.0 / 224.0) };

    /// <inheritdoc/>
    public bool Equals(Preprocessing? other) => other is not null && ResizeShorterSide == other.ResizeShorterSide
        && InputSize == other.InputSize && Mean.SequenceEqual(other.Mean) && Deviation.SequenceEqual(other.Deviation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ResizeShorterSide, InputSize, Mean[0], Deviation[0]);
}
