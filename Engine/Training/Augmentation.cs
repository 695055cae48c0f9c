using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Imaging.Decoding;
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

    /// <summary>The views; the first is the image as the network sees it. Corners are those of the middle of the resized image, as large as
    /// its shorter side and in the proportions of the network's input; where the network sees all of that, they are the middle
    /// again.</summary>
    /// <param name="image">The image in its file's size.</param>
    /// <param name="preprocessing">How the network's images are prepared.</param>
    public IEnumerable<RgbImage> Of(RgbImage image, Preprocessing preprocessing)
    {
        (int height, int width) = (preprocessing.Height, preprocessing.Width);
        image = Luma.Seen(image, preprocessing.Channels);
        var views = new List<RgbImage> { Resampling.ResizeAndCrop(image, preprocessing) };
        if (Crops)
        {
            int longer = Math.Max(height, width), side = Math.Max(longer, preprocessing.ResizeShorterSide);
            (int right, int below) = ((side * width / longer) - width, (side * height / longer) - height);
            RgbImage whole = Resampling.ResizeAndCrop(
                image, preprocessing with { InputSize = height + below, InputWidth = width + right });
            (int X, int Y)[] corners = [(0, 0), (right, 0), (0, below), (right, below)];
            views.AddRange(corners.Select(c => whole.Part(c.X, c.Y, width, height)));
        }

        return Mirror ? views.Concat(views.Select(v => ExifOrientation.Apply(v, ExifOrientation.Mirrored))) : views;
    }
}
