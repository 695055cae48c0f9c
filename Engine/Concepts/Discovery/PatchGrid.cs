using Interp.Engine.Common;
using Interp.Engine.Evidence;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>Square crops of an image, at every ⌊0.8·side⌋-th pixel, as many as fit; each is enlarged to the network's input.</summary>
/// <param name="Height">Height of the image.</param>
/// <param name="Width">Its width.</param>
/// <param name="Side">Side of a crop.</param>
internal sealed record PatchGrid(int Height, int Width, int Side)
{
    /// <summary>The crops, row by row.</summary>
    internal PixelBox[] Boxes { get; } =
    [
        .. from top in Starts(Height, Side) from left in Starts(Width, Side) select new PixelBox(left, top, left + Side, top + Side),
    ];

    /// <exception cref="InputException">The side does not fit.</exception>
    internal static PatchGrid Of(DiscoveryOptions options, int height, int width)
    {
        int side = options.PatchFor(height, width);
        return side <= Math.Min(height, width) ? new PatchGrid(height, width, side)
            : throw new InputException($"option 'patch' {side}: expected at most {Math.Min(height, width)}, the image's shorter side");
    }

    /// <summary>A crop as the network sees it: of the image's own size, as Pillow enlarges it.</summary>
    internal static NetworkInput Cut(NetworkInput image, PixelBox box, Network network)
    {
        RgbImage crop = Resampling.Resize(
            image.Image.Part(box.Left, box.Top, box.Right - box.Left, box.Bottom - box.Top), image.Image.Width, image.Image.Height);
        return new NetworkInput(image.Path, crop, Normalization.ToTensor(crop, network.Preprocessing), image.FileHash)
        {
            ChannelOrder = network.Preprocessing.ChannelOrder,
        };
    }

    private static IEnumerable<int> Starts(int length, int side)
    {
        int step = Math.Max(1, (int)(0.8 * side));
        return Enumerable.Range(0, ((length - side) / step) + 1).Select(i => i * step);
    }
}
