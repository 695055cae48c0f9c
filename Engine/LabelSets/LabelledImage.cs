using System.Collections.Immutable;
using Interp.Engine.Imaging;

namespace Interp.Engine.LabelSets;

/// <summary>An image and what is where in it.</summary>
/// <param name="Name">The image's file, or what a generated one is called.</param>
/// <param name="Image">The image as its file has it, EXIF orientation applied; labels lie on it so.</param>
/// <param name="Planes">Its labels, in no order that matters; a category without a plane is not labelled in this image at all.</param>
/// <param name="Hash">SHA-256 of the image's file, or of a generated image's pixels, in lower-case hexadecimal.</param>
public sealed record LabelledImage(string Name, RgbImage Image, ImmutableArray<LabelPlane> Planes, string Hash)
{
    /// <summary>What is doubtful about this image's labels, such as a colour that no concept has; null if nothing is.</summary>
    public string? Remark { get; init; }
}
