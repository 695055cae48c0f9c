using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Engine.Training;

/// <summary>Views of a training image that are trained on beside the image as the network sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Crops">Whether the four corners of the resized image are views too, beside its middle.</param>
/// <param name="Mirror">Whether each view is taken mirrored as well.</param>
public sealed record Augmentation(string Name, bool Crops, bool Mirror)
{
    /// <summary>The image alone.</summary>
    public static Augmentation None { get; } = new("none", Crops: false, Mirror: false);

    /// <summary>The image and its mirror image.</summary>
    public static Augmentation Flip { get; } = new("flip", Crops: false, Mirror: true);

    /// <summary>The middle and the corners, and their mirror images: torchvision's <c>TenCrop</c>.</summary>
    public static Augmentation TenCrops { get; } = new("crops", Crops: true, Mirror: true);

    /// <summary>All there are.</summary>
    public static Catalog<Augmentation> All { get; } = new("augmentation", a => a.Name, None, Flip, TenCrops);

    /// <summary>How many views there are of an image.</summary>
    public int Views => (Crops ? 5 : 1) * (Mirror ? 2 : 1);

    /// <summary>The views; the first is the image as the network sees it. Corners are those of the square that is cut out of the middle of
    /// the resized image; where the network sees all of that square, they are the middle again.</summary>
    /// <param name="image">The image in its file's size.</param>
    /// <param name="preprocessing">How the network's images are prepared.</param>
    public IEnumerable<RgbImage> Of(RgbImage image, Preprocessing preprocessing)
    {
        int side = preprocessing.InputSize, whole = Math.Max(side, preprocessing.ResizeShorterSide);
        var views = new List<RgbImage> { Resampling.ResizeAndCrop(image, preprocessing) };
        if (Crops)
        {
            RgbImage square = Resampling.ResizeAndCrop(image, preprocessing with { InputSize = whole });
            int far = whole - side;
            (int X, int Y)[] corners = [(0, 0), (far, 0), (0, far), (far, far)];
            views.AddRange(corners.Select(c => Cut(square, c.X, c.Y, side)));
        }

        return Mirror ? views.Concat(views.Select(Mirrored)) : views;
    }

    private static RgbImage Cut(RgbImage image, int left, int top, int side)
    {
        var pixels = new byte[3 * side * side];
        for (int y = 0; y < side; y++)
        {
            image.Pixels.AsSpan(3 * (((top + y) * image.Width) + left), 3 * side).CopyTo(pixels.AsSpan(3 * y * side));
        }

        return new RgbImage(side, side, pixels);
    }

    private static RgbImage Mirrored(RgbImage image)
    {
        var pixels = new byte[image.Pixels.Length];
        for (int i = 0; i < pixels.Length; i += 3)
        {
            (int x, int y) = (i / 3 % image.Width, i / 3 / image.Width);
            image.Pixels.AsSpan(3 * ((y * image.Width) + image.Width - 1 - x), 3).CopyTo(pixels.AsSpan(i));
        }

        return new RgbImage(image.Width, image.Height, pixels);
    }
}
