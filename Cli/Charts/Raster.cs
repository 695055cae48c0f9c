using Interp.Engine.Imaging;

namespace Interp.Cli.Charts;

/// <summary>
/// Marks as an image on white: every mark a polygon, whose share of each pixel is exact. Sums, products, quotients and roots of float64
/// only: the same bytes on every machine.
/// </summary>
internal sealed class Raster
{
    /// <summary>Length of a dash and of the gap after it.</summary>
    public const int Dash = 4;

    private const int CirclePieces = 4;

    /// <summary>Points on the unit circle every 45°, and between them where the tangents meet.</summary>
    private static readonly (double X, double Y)[] s_circle = [
        (1, 0), (1, 0.41421356237), (0.70710678119, 0.70710678119), (0.41421356237, 1), (0, 1), (-0.41421356237, 1),
        (-0.70710678119, 0.70710678119), (-1, 0.41421356237), (-1, 0), (-1, -0.41421356237), (-0.70710678119, -0.70710678119),
        (-0.41421356237, -1), (0, -1), (0.41421356237, -1), (0.70710678119, -0.70710678119), (1, -0.41421356237)];

    private readonly int _width, _height;
    private readonly double _scale;
    private readonly byte[] _pixels;

    private Raster(double width, double height, double scale)
    {
        (_width, _height, _scale) = ((int)Math.Ceiling(width * scale), (int)Math.Ceiling(height * scale), scale);
        _pixels = new byte[3 * _width * _height];
        Array.Fill(_pixels, byte.MaxValue);
    }

    /// <summary>The image.</summary>
    public static RgbImage Draw(double width, double height, IEnumerable<Mark> marks, double scale)
    {
        var raster = new Raster(width, height, scale);
        foreach (Mark mark in marks)
        {
            raster.Draw(mark);
        }

        return new RgbImage(raster._width, raster._height, raster._pixels);
    }

    private void Draw(Mark mark)
    {
        switch (mark)
        {
            case GroupMark group:
                foreach (Mark inner in group.Marks)
                {
                    Draw(inner);
                }

                break;
            case BoxMark b:
                Fill(b.Paint, [[(b.X, b.Y), (b.X + b.Width, b.Y), (b.X + b.Width, b.Y + b.Height), (b.X, b.Y + b.Height)]]);
                break;
            case AreaMark a:
                Fill(a.Paint, [[.. a.Points]]);
                break;
            case DotMark d:
                Fill(d.Paint, [[.. Circle().Select(p => (d.X + (d.Radius * p.X), d.Y + (d.Radius * p.Y)))]]);
                break;
            case LineMark l:
                Fill(l.Paint, [.. l.Points.Zip(l.Points.Skip(1)).SelectMany(s => Stroke(s.First, s.Second, l.Width, l.IsDashed))]);
                break;
            case TextMark t:
                double start = Glyphs.Width(t.Text, t.Size) * t.Anchor;
                foreach ((double X, double Y)[][] glyph in Glyphs.Outlines(t.Text, t.Size))
                {
                    Fill(t.Paint, [.. glyph.Select(c => c.Select(p => t.IsUpright
                        ? (t.X + p.Y, t.Y - (p.X - start)) : (t.X + p.X - start, t.Y + p.Y)).ToArray())]);
                }

                break;
        }
    }

    private static IEnumerable<(double X, double Y)> Circle()
    {
        for (int i = 0; i < s_circle.Length; i += 2)
        {
            ((double X, double Y) a, (double X, double Y) b, (double X, double Y) c) =
                (s_circle[i], s_circle[i + 1], s_circle[(i + 2) % s_circle.Length]);
            for (int s = 0; s < CirclePieces; s++)
            {
                // A circle's arc as a rational quadratic Bézier, its middle weight cos 22.5°.
                double t = s / (double)CirclePieces, u = 1 - t, w = 2 * t * u * 0.92387953251, sum = (u * u) + w + (t * t);
                yield return (((u * u * a.X) + (w * b.X) + (t * t * c.X)) / sum, ((u * u * a.Y) + (w * b.Y) + (t * t * c.Y)) / sum);
            }
        }
    }

    /// <summary>A line's pieces as rectangles, all of one winding.</summary>
    private static IEnumerable<(double X, double Y)[]> Stroke((double X, double Y) a, (double X, double Y) b, double width, bool dashed)
    {
        (double dx, double dy) = (b.X - a.X, b.Y - a.Y);
        double length = Math.Sqrt((dx * dx) + (dy * dy));
        if (length == 0)
        {
            yield break;
        }

        (dx, dy) = (dx / length, dy / length);
        for (double from = 0; from < length; from += 2 * Dash)
        {
            double to = dashed ? Math.Min(length, from + Dash) : length;
            (double nx, double ny) = (-dy * width / 2, dx * width / 2);
            ((double X, double Y) s, (double X, double Y) e) = ((a.X + (dx * from), a.Y + (dy * from)), (a.X + (dx * to), a.Y + (dy * to)));
            yield return [(s.X + nx, s.Y + ny), (e.X + nx, e.Y + ny), (e.X - nx, e.Y - ny), (s.X - nx, s.Y - ny)];
            if (!dashed)
            {
                yield break;
            }
        }
    }

    /// <summary>Fills what contours enclose (non-zero winding), each pixel by the share of it that they cover.</summary>
    private void Fill(Paint paint, (double X, double Y)[][] contours)
    {
        (double X, double Y)[] all = [.. contours.SelectMany(c => c)];
        if (all.Length == 0)
        {
            return;
        }

        int left = Place(all.Min(p => p.X), _width), right = Place(all.Max(p => p.X), _width - 1) + 1;
        int top = Place(all.Min(p => p.Y), _height), bottom = Place(all.Max(p => p.Y), _height - 1) + 1;
        if (left >= right || top >= bottom)
        {
            return;
        }

        var cover = new CoverMap(left, top, right - left, bottom - top);
        foreach ((double X, double Y)[] contour in contours)
        {
            for (int i = 0; i < contour.Length; i++)
            {
                ((double X, double Y) a, (double X, double Y) b) = (contour[i], contour[(i + 1) % contour.Length]);
                cover.Add(a.X * _scale, a.Y * _scale, b.X * _scale, b.Y * _scale);
            }
        }

        cover.Visit((x, y, share) =>
        {
            int at = 3 * ((y * _width) + x);
            for (int c = 0; c < 3; c++)
            {
                double below = _pixels[at + c], own = (paint.Rgb >> (16 - (8 * c))) & 255;
                _pixels[at + c] = (byte)Math.Floor(below + (share * paint.Opacity * (own - below)) + 0.5);
            }
        });
    }

    private int Place(double value, int most) => (int)Math.Clamp(Math.Floor(value * _scale), 0, most);
}
