using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;

namespace Interp.Engine.Dissection;

/// <summary>
/// Enlarges the maps of a layer to the label grid, bilinearly, each position standing where its receptive field has its centre or, where
/// fields do not lie evenly, in the middle of its share of the input; beyond the outermost centres the outermost values go on.
/// </summary>
internal sealed class MapGrid
{
    private readonly MapAxis _rows;
    private readonly MapAxis _columns;

    private MapGrid(MapAxis rows, MapAxis columns, (int Height, int Width) map, Enlargement enlargement)
    {
        (_rows, _columns, Height, Width, Enlargement) = (rows, columns, map.Height, map.Width, enlargement);
    }

    /// <summary>Rows of the maps.</summary>
    internal int Height { get; }

    /// <summary>Columns of the maps.</summary>
    internal int Width { get; }

    /// <summary>How it is done.</summary>
    internal Enlargement Enlargement { get; }

    internal static MapGrid Of(Network network, Node layer, LabelGrid grid, Enlargement wanted)
    {
        (int height, int width) = (network.Preprocessing.Height, network.Preprocessing.Width);
        (int rows, int columns) = network.OwnShapes[layer.Id] is { Rank: 4 } shape ? (shape[2], shape[3]) : (1, 1);
        if (wanted == Enlargement.Field && FieldOf(network, layer, height, width) is { Stride: { } stride } field)
        {
            return new MapGrid(
                MapAxis.Of(grid.Height, height, rows, field.Offset.Y + (field.Size.Height / 2.0), stride.Y),
                MapAxis.Of(grid.Width, width, columns, field.Offset.X + (field.Size.Width / 2.0), stride.X),
                (rows, columns),
                Enlargement.Field);
        }

        return new MapGrid(Even(grid.Height, height, rows), Even(grid.Width, width, columns), (rows, columns), Enlargement.HalfPixel);

        static MapAxis Even(int points, int input, int positions) =>
            MapAxis.Of(points, input, positions, (double)input / positions / 2, (double)input / positions);
    }

    /// <summary>Where the enlarged map exceeds a value.</summary>
    /// <param name="map">The map, <c>[h,w]</c>.</param>
    /// <param name="threshold">The value.</param>
    /// <param name="words">All words of the grid, zero; gets the places.</param>
    /// <returns>Whether there is any.</returns>
    internal bool Mask(ReadOnlySpan<float> map, float threshold, Span<ulong> words)
    {
        int columns = _columns.Low.Length;
        bool any = false;
        for (int y = 0; y < _rows.Low.Length; y++)
        {
            ReadOnlySpan<float> above = map.Slice(_rows.Low[y] * Width, Width), below = map.Slice(_rows.High[y] * Width, Width);
            if (!Exceeds(above, threshold) && !Exceeds(below, threshold))
            {
                continue;
            }

            double down = _rows.Part[y];
            for (int x = 0; x < columns; x++)
            {
                (int left, int right, double part) = (_columns.Low[x], _columns.High[x], _columns.Part[x]);
                double top = Between(above[left], above[right], part), bottom = Between(below[left], below[right], part);
                if (top + ((bottom - top) * down) > threshold)
                {
                    int place = (y * columns) + x;
                    words[place >> 6] |= 1UL << (place & 63);
                    any = true;
                }
            }
        }

        return any;
    }

    private static double Between(double a, double b, double part) => a + ((b - a) * part);

    private static bool Exceeds(ReadOnlySpan<float> row, float threshold)
    {
        foreach (float value in row)
        {
            if (value > threshold)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The layer's fields, or null where a layer on the way is of a kind whose fields are not known.</summary>
    private static ReceptiveField? FieldOf(Network network, Node layer, int height, int width)
    {
        try
        {
            return ReceptiveField.Of(network, layer, height, width);
        }
        catch (ModelException)
        {
            return null;
        }
    }
}
