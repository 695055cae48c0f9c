using Interp.Engine.Arithmetic;
using Interp.Engine.Attribution.Incremental;
using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Attribution.Perturbation.Regions;

/// <summary>What the network says of a region that was found, and of the same shape elsewhere.</summary>
/// <param name="Found">The region.</param>
/// <param name="Pixels">Whether each pixel is in it, <c>[H,W]</c>.</param>
/// <param name="Box">The box around it.</param>
/// <param name="Crop">The part of the image that was enlarged to the network's input.</param>
/// <param name="Masked">Of the image of which only the region is left, or, of a counterfactual one, only the region is missing.</param>
/// <param name="Cropped">Of the enlarged part.</param>
/// <param name="Tries">At how many other places the same shape was tried.</param>
/// <param name="Hits">At how many of them it did the same.</param>
internal sealed record CheckedRegion(
    FoundRegion Found, bool[] Pixels, RegionBox Box, RegionBox Crop, RegionReading Masked, RegionReading Cropped, int Tries, int Hits)
{
    /// <summary>The region's share of the image.</summary>
    internal double Area => Pixels.Count(p => p) / (double)Pixels.Length;
}

/// <summary>
/// Verifies regions: the network's answer to the image outside of which all is filled; to the crop, the smallest part of the image's own
/// proportions that holds the region, enlarged bilinearly; and to the same shape at other places, drawn without replacement from all at
/// which it fits the image, those that overlap the region among them: what chance gives, at the least in the region's favour.
/// </summary>
internal sealed class RegionCheck(AttributionRequest request, CellGrid grid, RegionImage image, int tries)
{
    /// <summary>The images are made one after the other, and the places of each region by its own random numbers.</summary>
    /// <param name="found">The region.</param>
    /// <param name="keeps">Whether the region is kept and all else filled, or the other way round.</param>
    /// <param name="hit">Whether a reading is what was looked for.</param>
    /// <param name="stream">Which random numbers the places take.</param>
    internal CheckedRegion Of(FoundRegion found, bool keeps, Func<RegionReading, bool> hit, ulong stream)
    {
        bool[] pixels = grid.Pixels(found.Cells);
        var box = RegionBox.Around(pixels, grid.Width);
        RegionBox crop = box.InProportion(grid.Height, grid.Width);
        (int Left, int Top)[] places = Elsewhere(box, stream);
        RegionReading[] read = RegionImage.Read(request, 2, (index, input) =>
        {
            if (index == 0)
            {
                image.Show(pixels, keeps, input);
            }
            else
            {
                image.Enlarge(crop, input);
            }
        });
        RegionReading[] moved = image.ReadChanged(
            request,
            keeps,
            [.. places.Select(p => box with { Left = p.Left, Top = p.Top })],
            (index, input) => image.Show(Moved(pixels, box, places[index].Left, places[index].Top), keeps, input));
        return new(found, pixels, box, crop, read[0], read[1], places.Length, moved.Count(hit));
    }

    private (int Left, int Top)[] Elsewhere(RegionBox box, ulong stream)
    {
        int across = grid.Width - box.Width + 1, own = (box.Top * across) + box.Left;
        int others = ((grid.Height - box.Height + 1) * across) - 1;
        return
        [
            .. from place in Draws.Sample(others, Math.Min(tries, others), new Rng(request.Seed, stream))
               let at = place < own ? place : place + 1
               select (at % across, at / across),
        ];
    }

    private bool[] Moved(bool[] pixels, RegionBox box, int left, int top)
    {
        var moved = new bool[pixels.Length];
        for (int y = 0; y < box.Height; y++)
        {
            pixels.AsSpan(((box.Top + y) * grid.Width) + box.Left, box.Width).CopyTo(moved.AsSpan(((top + y) * grid.Width) + left));
        }

        return moved;
    }
}

/// <summary>An image and its fill, <c>[C,H,W]</c> in normalised units, of which parts are shown to the network.</summary>
internal sealed class RegionImage(float[] image, float[] fill, int height, int width)
{
    /// <summary>What the network says of some images.</summary>
    internal static RegionReading[] Read(AttributionRequest request, int count, InputFiller show)
    {
        var read = new RegionReading[count];
        AttributionRequest silent = request with { Progress = null };
        silent.Batches(count, backward: false, show, [], (session, first, _) =>
            RegionReading.Of(request.Target, session).CopyTo(read, first));
        return read;
    }

    /// <summary>What it says of some images that show, or lack, a part within a box each, computed from what changes where that saves
    /// work.</summary>
    /// <param name="request">The network and the target.</param>
    /// <param name="keeps">Whether they show parts on the fill rather than lack them.</param>
    /// <param name="boxes">The boxes.</param>
    /// <param name="show">Makes each image.</param>
    internal RegionReading[] ReadChanged(AttributionRequest request, bool keeps, RegionBox[] boxes, InputFiller show)
    {
        if (!RegionReading.NeedsTargetOnly(request.Target, request.Network))
        {
            return Read(request, boxes.Length, show);
        }

        var read = new RegionReading[boxes.Length];
        ImageBox[] changed =
        [
            .. boxes.Select(b => new ImageBox(new Extent(b.Top, b.Top + b.Height), new Extent(b.Left, b.Left + b.Width))),
        ];
        new ChangedImages(request, changed).Run(
            keeps ? fill : image,
            [.. Enumerable.Range(0, boxes.Length)],
            show,
            (index, values, shape) => read[index] = RegionReading.Of(request.Target, values, shape, request.Network),
            progress: null);
        return read;
    }

    /// <summary>The image where pixels are marked and the fill elsewhere, or the other way round.</summary>
    internal void Show(bool[] pixels, bool keeps, Span<float> input)
    {
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = pixels[i % pixels.Length] == keeps ? image[i] : fill[i];
        }
    }

    /// <summary>A part of the image, enlarged bilinearly to all of it.</summary>
    internal void Enlarge(RegionBox part, Span<float> input)
    {
        int plane = height * width;
        var cut = new float[part.Height * part.Width];
        for (int c = 0; c < input.Length; c += plane)
        {
            for (int y = 0; y < part.Height; y++)
            {
                image.AsSpan(c + ((part.Top + y) * width) + part.Left, part.Width).CopyTo(cut.AsSpan(y * part.Width));
            }

            Bilinear.Resize(cut, (part.Height, part.Width), (height, width)).CopyTo(input[c..]);
        }
    }
}
