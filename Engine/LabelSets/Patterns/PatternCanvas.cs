using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.LabelSets.Patterns;

/// <summary>An image while it is painted, in exact arithmetic: sums, products, quotients and roots of float64.</summary>
internal sealed class PatternCanvas(int height, int width)
{
    /// <summary>Points along each side of a pixel by which it is seen how much of it lies in a shape or has a colour.</summary>
    private const int Samples = 4;

    private readonly double[] _values = new double[3 * height * width];

    /// <summary>Rows.</summary>
    public int Height => height;

    /// <summary>Columns.</summary>
    public int Width => width;

    /// <summary>The size of things here, beside a canvas of 224 pixels.</summary>
    public double Scale => Math.Min(height, width) / 224.0;

    /// <summary>Whether a pixel lies on a contour, where two colours are mixed.</summary>
    public bool[] IsContour { get; } = new bool[height * width];

    /// <summary>Adds a colour everywhere.</summary>
    public void Fill(PatternColor color)
    {
        for (int i = 0; i < IsContour.Length; i++)
        {
            Add(i, color.R, color.G, color.B);
        }
    }

    /// <summary>Adds soft light and dark: random values on a lattice, joined by the cubic of E. Catmull and R. Rom (1974).</summary>
    /// <param name="dice">Where the lattice is drawn from.</param>
    /// <param name="cells">Cells along each side.</param>
    /// <param name="deviation">Standard deviation of a lattice value, in 1/255.</param>
    /// <param name="tint">How much of it is each channel's own, in 0…1.</param>
    public void Cloud(Dice dice, int cells, double deviation, double tint)
    {
        var lattice = new double[4][];
        for (int plane = 0; plane < 4; plane++)
        {
            lattice[plane] = new double[(cells + 3) * (cells + 3)];
            for (int i = 0; i < lattice[plane].Length; i++)
            {
                lattice[plane][i] = dice.Bell() * deviation * (plane == 3 ? 1 - tint : tint);
            }
        }

        (int At, double[] Weights)[] rows = Cubic(height, cells), columns = Cubic(width, cells);
        for (int i = 0; i < IsContour.Length; i++)
        {
            double all = Joined(3);
            Add(i, all + Joined(0), all + Joined(1), all + Joined(2));

            double Joined(int plane)
            {
                (int row, double[] down) = rows[i / width];
                (int column, double[] across) = columns[i % width];
                double sum = 0;
                for (int y = 0; y < 4; y++)
                {
                    int at = ((row + y) * (cells + 3)) + column;
                    double[] l = lattice[plane];
                    sum += down[y] * ((across[0] * l[at]) + (across[1] * l[at + 1]) + (across[2] * l[at + 2]) + (across[3] * l[at + 3]));
                }

                return sum;
            }
        }
    }

    /// <summary>Paints a region over what is there.</summary>
    /// <param name="region">The region.</param>
    /// <param name="see">What is told of each pixel of which a part lies in the region: its place, and whether all of it does.</param>
    public void Paint(PatternRegion region, Action<int, bool> see)
    {
        for (int y = Math.Max(0, (int)(region.Y - region.Radius) - 1); y < Math.Min(height, region.Y + region.Radius + 1); y++)
        {
            for (int x = Math.Max(0, (int)(region.X - region.Radius) - 1); x < Math.Min(width, region.X + region.Radius + 1); x++)
            {
                PaintPixel(region, x, y, see);
            }
        }
    }

    /// <summary>The image, each pixel rounded to 8 bits, with a grain of a standard deviation.</summary>
    public RgbImage Develop(Rng grain, double deviation)
    {
        const double Deviation = 147.8; // of a sum of four bytes: √(4 · (256² − 1) / 12)
        var pixels = new byte[_values.Length];
        for (int i = 0; i < IsContour.Length; i++)
        {
            (uint r, uint g, uint b, _) = grain.Block((ulong)i);
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = (Byte(3 * i, r), Byte((3 * i) + 1, g), Byte((3 * i) + 2, b));
        }

        return new RgbImage(width, height, pixels);

        byte Byte(int at, uint word)
        {
            double sum = (int)((word & 255) + ((word >> 8) & 255) + ((word >> 16) & 255) + (word >> 24)) - 510;
            return (byte)Math.Floor(Math.Clamp(_values[at] + (sum * deviation / Deviation), 0, 255) + 0.5);
        }
    }

    private static (int At, double[] Weights)[] Cubic(int pixels, int cells)
    {
        var places = new (int, double[])[pixels];
        for (int i = 0; i < pixels; i++)
        {
            double place = (i + 0.5) * cells / pixels;
            int at = Math.Min(cells - 1, (int)place);
            double t = place - at;
            places[i] = (at, [
                ((((-0.5 * t) + 1) * t) - 0.5) * t,
                (((1.5 * t) - 2.5) * t * t) + 1,
                ((((-1.5 * t) + 2) * t) + 0.5) * t,
                ((0.5 * t) - 0.5) * t * t]);
        }

        return places;
    }

    private void PaintPixel(PatternRegion region, int x, int y, Action<int, bool> see)
    {
        (int inside, double second, double least, double most) = (0, 0, 1, 0);
        for (int i = 0; i < Samples * Samples; i++)
        {
            double px = x + (((i % Samples) + 0.5) / Samples) - region.X, py = y + (((i / Samples) + 0.5) / Samples) - region.Y;
            if (region.Contains(px, py))
            {
                double share = region.Form.Second(region.Pattern, px, py);
                (inside, second, least, most) = (inside + 1, second + share, Math.Min(least, share), Math.Max(most, share));
            }
        }

        if (inside == 0)
        {
            return;
        }

        int at = (y * width) + x;
        bool whole = inside == Samples * Samples;
        double outside = 1 - (inside / (double)(Samples * Samples));
        PatternColor color = region.First.Mixed(region.Second, second / inside);
        Set(3 * at, color.R);
        Set((3 * at) + 1, color.G);
        Set((3 * at) + 2, color.B);
        IsContour[at] = !whole || most - least > 0.25;
        see(at, whole);

        void Set(int i, double value) => _values[i] = (_values[i] * outside) + (value * (1 - outside));
    }

    private void Add(int pixel, double r, double g, double b)
    {
        _values[3 * pixel] += r;
        _values[(3 * pixel) + 1] += g;
        _values[(3 * pixel) + 2] += b;
    }
}
