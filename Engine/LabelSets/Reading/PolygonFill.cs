using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>Fills the outlines of one image's labels. Each outline is filled by the even-odd rule; several of an object add up.</summary>
/// <param name="canvas">Where to.</param>
/// <param name="rule">Which pixels an outline takes.</param>
internal sealed class PolygonFill(LabelCanvas canvas, PolygonRule rule)
{
    /// <summary>The most points along all outlines of an image, each 1/5 of a pixel long: about a second's work.</summary>
    private const long MostPoints = 1L << 28;

    private const int MostCrossings = 1 << 24;
    private const double Farthest = 1e6;

    private readonly List<long> _crossings = [];
    private long _points;

    /// <summary>Labels what lies in an outline.</summary>
    /// <param name="xy">Its vertices: x, y, x, y, … in pixels; at least three.</param>
    /// <param name="category">The label's category.</param>
    /// <param name="label">The label.</param>
    /// <param name="where">The place in a file, for messages.</param>
    /// <exception cref="InputException">A coordinate is not finite or far out of the image, there are fewer than three vertices, or the
    /// outlines are longer than an image's can be.</exception>
    public void Fill(ReadOnlySpan<double> xy, string category, ushort label, string where)
    {
        if (xy.Length < 6 || xy.Length % 2 != 0)
        {
            throw new InputException($"{where}: an outline of {xy.Length} numbers, expected x and y of at least three vertices");
        }

        foreach (double v in xy)
        {
            if (!double.IsFinite(v) || Math.Abs(v) > Farthest)
            {
                throw new InputException(
                    $"{where}: a coordinate that is no number or far out of the image of {canvas.Width}x{canvas.Height}");
            }
        }

        _crossings.Clear();
        if (rule == PolygonRule.Edge)
        {
            TraceEdges(xy, where);
            _crossings.Add((long)canvas.Width * canvas.Height);
            _crossings.Sort();
            for (int i = 0; i + 1 < _crossings.Count; i += 2)
            {
                canvas.RunDown(category, label, _crossings[i], _crossings[i + 1] - _crossings[i]);
            }
        }
        else
        {
            FillCentres(xy, category, label, where);
        }
    }

    /// <summary>
    /// COCO's rule (<c>rleFrPoly</c> of its API): the outline is walked in steps of 1/5 of a pixel; where it crosses the middle of a
    /// column, all pixels from there on, down the column and on through the next ones, change sides.
    /// </summary>
    private void TraceEdges(ReadOnlySpan<double> xy, string where)
    {
        const double Scale = 5;
        int count = xy.Length / 2;
        (int u, int v) last = default;
        bool any = false;
        for (int j = 0; j < count; j++)
        {
            int k = (j + 1) % count;
            int xs = (int)((Scale * xy[2 * j]) + .5), ys = (int)((Scale * xy[(2 * j) + 1]) + .5);
            int xe = (int)((Scale * xy[2 * k]) + .5), ye = (int)((Scale * xy[(2 * k) + 1]) + .5);
            int dx = Math.Abs(xe - xs), dy = Math.Abs(ys - ye), steps = Math.Max(dx, dy);
            Spend(steps + 1L, where);
            bool flip = (dx >= dy && xs > xe) || (dx < dy && ys > ye);
            if (flip)
            {
                (xs, xe, ys, ye) = (xe, xs, ye, ys);
            }

            double slope = steps == 0 ? 0 : dx >= dy ? (double)(ye - ys) / dx : (double)(xe - xs) / dy;
            for (int d = 0; d <= steps; d++)
            {
                int t = flip ? steps - d : d;
                (int u, int v) now = dx >= dy
                    ? (t + xs, (int)(ys + (slope * t) + .5)) : ((int)(xs + (slope * t) + .5), t + ys);
                if (any && now.u != last.u)
                {
                    Cross(now, last, Scale);
                }

                (last, any) = (now, true);
            }
        }
    }

    private void Cross((int U, int V) now, (int U, int V) last, double scale)
    {
        double x = ((Math.Min(now.U, last.U) == now.U ? now.U : now.U - 1) + .5) / scale - .5;
        if (Math.Floor(x) != x || x < 0 || x > canvas.Width - 1)
        {
            return;
        }

        double y = ((Math.Min(now.V, last.V) + .5) / scale) - .5;
        y = Math.Ceiling(Math.Clamp(y, 0, canvas.Height));
        Add(((long)x * canvas.Height) + (long)y);
    }

    /// <summary>Pixels whose centres lie inside, and those under the outline itself.</summary>
    private void FillCentres(ReadOnlySpan<double> xy, string category, ushort label, string where)
    {
        int count = xy.Length / 2, width = canvas.Width, height = canvas.Height;
        var crossings = new List<(int Y, double X)>();
        for (int j = 0; j < count; j++)
        {
            int k = (j + 1) % count;
            (double x0, double y0, double x1, double y1) = (xy[2 * j], xy[(2 * j) + 1], xy[2 * k], xy[(2 * k) + 1]);
            int steps = Math.Max(1, (int)Math.Ceiling(Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0))));
            Spend(steps, where);
            for (int d = 0; d <= steps; d++)
            {
                int x = Nearest(x0 + ((x1 - x0) * d / steps)), y = Nearest(y0 + ((y1 - y0) * d / steps));
                if (x >= 0 && x < width && y >= 0 && y < height)
                {
                    canvas.Run(category, label, (y * width) + x, 1);
                }
            }

            (double top, double bottom) = (Math.Min(y0, y1), Math.Max(y0, y1));
            for (int y = (int)Math.Ceiling(Math.Max(0, top)); y < bottom && y < height; y++)
            {
                if (crossings.Count >= MostCrossings)
                {
                    throw TooLong(where);
                }

                crossings.Add((y, x0 + ((x1 - x0) * (y - y0) / (y1 - y0))));
            }
        }

        crossings.Sort();
        for (int i = 0; i + 1 < crossings.Count; i += 2)
        {
            int from = (int)Math.Ceiling(Math.Max(0, crossings[i].X)), to = (int)Math.Floor(Math.Min(width - 1, crossings[i + 1].X));
            if (to >= from)
            {
                canvas.Run(category, label, (crossings[i].Y * width) + from, to - from + 1);
            }
        }
    }

    /// <summary>Labels the pixels whose centres lie in a disc.</summary>
    /// <exception cref="InputException">Its numbers are not finite, or far out of the image.</exception>
    public void Disc(double x, double y, double radius, string category, ushort label, string where)
    {
        if (!double.IsFinite(x + y + radius) || Math.Max(Math.Max(Math.Abs(x), Math.Abs(y)), radius) > Farthest)
        {
            throw new InputException($"{where}: a circle that is none, or far out of the image of {canvas.Width}x{canvas.Height}");
        }

        double half = rule == PolygonRule.Edge ? 0.5 : 0;
        Spend(canvas.Height, where);
        for (int row = 0; row < canvas.Height; row++)
        {
            double reach = (radius * radius) - ((row + half - y) * (row + half - y));
            int from = (int)Math.Ceiling(Math.Max(0, x - half - Math.Sqrt(Math.Max(0, reach))));
            int to = (int)Math.Floor(Math.Min(canvas.Width - 1, x - half + Math.Sqrt(Math.Max(0, reach))));
            if (reach >= 0 && to >= from)
            {
                canvas.Run(category, label, (row * canvas.Width) + from, to - from + 1);
            }
        }
    }

    private static int Nearest(double value) => (int)Math.Floor(value + .5);

    private void Add(long crossing)
    {
        _crossings.Add(crossing);
        if (_crossings.Count > MostCrossings)
        {
            throw TooLong(canvas.Name);
        }
    }

    private void Spend(long points, string where)
    {
        _points += points;
        if (_points > MostPoints)
        {
            throw TooLong(where);
        }
    }

    private InputException TooLong(string where) =>
        new($"{where}: the outlines are longer than those of an image of {canvas.Width}x{canvas.Height} can be");
}
