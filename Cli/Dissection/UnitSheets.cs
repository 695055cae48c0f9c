using System.Collections.Concurrent;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Dissection;
using Interp.Engine.Evidence;
using Interp.Engine.Examples;
using Interp.Engine.Imaging;
using Result = Interp.Engine.Dissection.Dissection;

namespace Interp.Cli.Dissection;

/// <summary>
/// Draws the most exciting images of each unit, as the network sees them: outside of the unit's mask at a fifth of the brightness, with a
/// line around it.
/// </summary>
/// <param name="context">For the images.</param>
/// <param name="cancel">Ends it.</param>
internal sealed class UnitSheets(DissectContext context, CancellationToken cancel)
{
    private const int LeastSide = 112, LargestSide = 144;
    private const int MostHeldBytes = 256 << 20;
    private static readonly byte[] s_line = [255, 214, 10];
    private readonly ConcurrentDictionary<int, RgbImage> _held = [];

    /// <summary>Writes a sheet for each unit that has one.</summary>
    /// <returns>The files.</returns>
    internal IReadOnlyList<string> Write(Result dissection, ResultFiles files)
    {
        UnitDissection[] units = [.. dissection.Units.Where(HasOne)];
        if (units.Length == 0)
        {
            return [];
        }

        OutputFile.CreateFolder(Path.Combine(files.Path, "units"), DissectFlags.Out.Name);
        InParallel.Each(units, context.Options.Threads, unit =>
        {
            RgbImage[] tiles = [.. unit.Examples.Select(e => Tile(Masked(ImageOf(e.Image), e.Mask)))];
            files.Add(NameOf(unit), s => ImageFile.WritePng(s, ExampleImages.Sheet(tiles)));
        }, cancel);

        return [.. units.Select(NameOf)];
    }

    /// <summary>Whether a unit is not dead, and has images to show.</summary>
    internal static bool HasOne(UnitDissection unit) => !unit.IsDead && unit.Examples.Length > 0;

    internal static string NameOf(UnitDissection unit) => UnitLabels.SheetName(unit.Channel);

    /// <summary>An image with what is outside of a mask darkened.</summary>
    internal static RgbImage Masked(RgbImage image, UnitMask mask)
    {
        byte[] pixels = [.. image.Pixels];
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                Span<byte> pixel = pixels.AsSpan(3 * ((y * image.Width) + x), 3);
                bool inside = At(y, x);
                if (inside && (!At(y - 1, x) || !At(y + 1, x) || !At(y, x - 1) || !At(y, x + 1)))
                {
                    s_line.CopyTo(pixel);
                }
                else if (!inside)
                {
                    (pixel[0], pixel[1], pixel[2]) = ((byte)(pixel[0] / 5), (byte)(pixel[1] / 5), (byte)(pixel[2] / 5));
                }
            }
        }

        return new RgbImage(image.Width, image.Height, pixels);

        bool At(int y, int x) => y >= 0 && x >= 0 && y < image.Height && x < image.Width
            && mask[y * mask.Height / image.Height, x * mask.Width / image.Width];
    }

    private static RgbImage Tile(RgbImage image) => ExampleImages.Cut(
        image, new PixelBox(0, 0, image.Width, image.Height), Math.Clamp(Math.Max(image.Width, image.Height), LeastSide, LargestSide));

    /// <summary>An image as the network sees it; held for the next unit while there is room.</summary>
    private RgbImage ImageOf(int index)
    {
        if (_held.TryGetValue(index, out RgbImage? held))
        {
            return held;
        }

        RgbImage image = NetworkInput.Prepare(context.Labels.Read(index, cancel).Image, context.Network).Image;
        if ((_held.Count + 1L) * image.Pixels.Length <= MostHeldBytes)
        {
            _held[index] = image;
        }

        return image;
    }
}
