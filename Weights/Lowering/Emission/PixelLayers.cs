using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering.Emission;

/// <summary>
/// The layer that chooses rows and columns of maps as a layout does: one that adds some around them or cuts some off, takes every n-th, or
/// the nearest ones of another size. Which it is follows from the rows and columns alone, whatever operators made them.
/// </summary>
internal static class PixelLayers
{
    /// <summary>The layer, its name as a function, or null where no layer chooses so.</summary>
    /// <param name="layout">Elements of a node's maps, as <c>[N,C,H,W]</c> of another size.</param>
    /// <param name="outside">What stands where nothing does.</param>
    internal static (Layer Layer, string Function)? Find(Layout layout, double outside = 0)
    {
        if (Map(layout) is not { } map)
        {
            return null;
        }

        Shape node = layout.Node;
        Size2 from = new(node[2], node[3]), to = new(map.Rows.Length, map.Columns.Length);
        if (Step(map.Rows) is { } down && Step(map.Columns) is { } across
            && down * (to.H - 1) + down >= from.H && across * (to.W - 1) + across >= from.W)
        {
            return (new MaxPool2d(new Window(Size2.Square(1), new(down, across), default, Size2.Square(1))), "slice");
        }

        foreach (PadMode mode in Enum.GetValues<PadMode>())
        {
            Size2 start = new(Start(map.Rows, mode), Start(map.Columns, mode));
            Size2 end = new(to.H - from.H - start.H, to.W - from.W - start.W);
            var pad = new Pad2d(start, end, mode, mode == PadMode.Constant ? outside : 0);
            if (Computes(pad, layout, map))
            {
                return (pad, "pad");
            }
        }

        double scaleH = (double)to.H / from.H, scaleW = (double)to.W / from.W;
        Upsample? upsample = Enum.GetValues<SampleGrid>()
            .SelectMany(_ => Enum.GetValues<NearestRounding>(), (grid, rounding) => new Upsample(scaleH, scaleW, null, grid, rounding))
            .FirstOrDefault(u => Computes(u, layout, map));
        return upsample is null ? null : (upsample, "interpolate");
    }

    private static bool Computes<TLayer>(TLayer layer, Layout layout, PixelMap map) where TLayer : Layer, IPixelLayer
    {
        try
        {
            layer.Infer([layout.Node]);
        }
        catch (Engine.Common.ModelException)
        {
            return false;
        }

        PixelMap own = layer.At(layout.Node[2], layout.Node[3]);
        return own.Rows.AsSpan().SequenceEqual(map.Rows) && own.Columns.AsSpan().SequenceEqual(map.Columns);
    }

    /// <summary>The rows and columns that stand at each place of every channel and image; null where they are not the same everywhere.
    /// </summary>
    private static PixelMap? Map(Layout layout)
    {
        Shape node = layout.Node;
        if (node.Rank != 4 || layout.Shape is not [var images, var channels, var height, var width] || images != layout.Batch
            || channels != node[1] || height * width == 0)
        {
            return null;
        }

        int[] places = layout.Places;
        int columns = node[3];
        int[] rows = [.. Enumerable.Range(0, height)
            .Select(h => First(places.AsSpan(h * width, width)) is >= 0 and var p ? p / columns : -1)];
        int full = Array.FindIndex(rows, r => r >= 0);
        if (full < 0)
        {
            return null;
        }

        int[] across = [.. Enumerable.Range(0, width).Select(w => places[full * width + w] is >= 0 and var p ? p % columns : -1)];
        for (int i = 0; i < places.Length; i++)
        {
            int row = rows[i / width % height], column = across[i % width];
            int expected = row < 0 || column < 0 ? -1 : i / (width * height) * layout.Pixels + row * columns + column;
            if (places[i] != expected)
            {
                return null;
            }
        }

        return new PixelMap(rows, across);
    }

    private static int First(ReadOnlySpan<int> places)
    {
        int index = places.IndexOfAnyExcept(-1);
        return index < 0 ? -1 : places[index];
    }

    /// <summary>n where every n-th is taken, from the first on.</summary>
    private static int? Step(int[] sources)
    {
        int step = sources.Length > 1 ? sources[1] - sources[0] : 1;
        return step >= 1 && sources.Select((s, i) => s == i * step).All(same => same) ? step : null;
    }

    private static int Start(int[] sources, PadMode mode) => mode switch
    {
        PadMode.Constant when Array.FindIndex(sources, s => s >= 0) is var first => first - sources[first],
        PadMode.Replicate when sources.Length > 1 && sources[0] == 0 => Math.Max(0, sources.TakeWhile(s => s == 0).Count() - 1),
        PadMode.Replicate => -sources[0],
        _ => Array.IndexOf(sources, 0),
    };
}
