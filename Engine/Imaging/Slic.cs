namespace Interp.Engine.Imaging;

/// <summary>
/// Superpixels by simple linear iterative clustering: k-means over (L*, a*, b*, x, y), each centre looking only at 2S×2S pixels around it,
/// where S = √(pixels / pieces) is the spacing of the centres. Distance D² = d_lab² + (m / S)²·d_xy² with the compactness m. Ten rounds;
/// then pieces that fell apart are made connected, and fragments below S²/4 join a neighbour. R. Achanta, A. Shaji, K. Smith, A. Lucchi, P.
/// Fua, S. Süsstrunk, "SLIC superpixels compared to state-of-the-art superpixel methods", IEEE TPAMI 34(11), 2012. Deterministic: equal
/// distances go to the centre that stands first.
/// </summary>
internal static class Slic
{
    private const int Rounds = 10;

    /// <summary>Cuts an image into about so many pieces.</summary>
    /// <param name="image">The image.</param>
    /// <param name="pieces">How many are wanted; there are a few more or fewer.</param>
    /// <param name="compactness">m: low follows colours, high makes squares; the authors use 10.</param>
    public static Segmentation Segment(RgbImage image, int pieces, double compactness)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pieces, 1);
        var field = new Field(image, Math.Sqrt((double)image.Width * image.Height / pieces), compactness);
        (List<Centre> centres, int[] labels) = field.Start();
        for (int round = 0; round < Rounds; round++)
        {
            field.Assign(centres, labels);
            field.Update(centres, labels);
        }

        return Connect(labels, image.Width, image.Height, (int)(field.Spacing * field.Spacing) / 4);
    }

    /// <summary>
    /// Numbers the connected parts of equal labels anew; those of at most <paramref name="least"/> pixels join the part to their left or
    /// above.
    /// </summary>
    internal static Segmentation Connect(int[] labels, int width, int height, int least)
    {
        int[] result = Enumerable.Repeat(-1, labels.Length).ToArray();
        var part = new List<int>();
        int count = 0;
        for (int start = 0; start < labels.Length; start++)
        {
            if (result[start] >= 0)
            {
                continue;
            }

            int neighbour = start % width > 0 ? result[start - 1] : start >= width ? result[start - width] : -1;
            Fill(labels, result, start, count, (width, height), part);
            if (neighbour < 0 || part.Count > least)
            {
                count++;
                continue;
            }

            foreach (int i in part)
            {
                result[i] = neighbour;
            }
        }

        return new Segmentation(result, count);
    }

    private static void Fill(int[] labels, int[] result, int start, int label, (int Width, int Height) size, List<int> part)
    {
        part.Clear();
        part.Add(start);
        result[start] = label;
        for (int next = 0; next < part.Count; next++)
        {
            int i = part[next];
            (int y, int x) = Math.DivRem(i, size.Width);
            Visit(x > 0, i - 1);
            Visit(x < size.Width - 1, i + 1);
            Visit(y > 0, i - size.Width);
            Visit(y < size.Height - 1, i + size.Width);
        }

        void Visit(bool inside, int i)
        {
            if (inside && result[i] < 0 && labels[i] == labels[start])
            {
                result[i] = label;
                part.Add(i);
            }
        }
    }

    private readonly record struct Centre(double L, double A, double B, double X, double Y);

    private sealed class Field
    {
        private readonly (double L, double A, double B)[] _colors;
        private readonly double[] _distances;
        private readonly double _weight;
        private readonly int _width;
        private readonly int _height;

        internal Field(RgbImage image, double spacing, double compactness)
        {
            (_width, _height, Spacing) = (image.Width, image.Height, spacing);
            _weight = compactness * compactness / (spacing * spacing);
            _colors = [.. image.Pixels.Chunk(3).Select(p => CieLab.Of(p[0], p[1], p[2]))];
            _distances = new double[_colors.Length];
        }

        internal double Spacing { get; }

        /// <summary>
        /// Centres on a regular grid, each moved to the flattest of the nine pixels around it; every pixel with the centre of its grid
        /// cell.
        /// </summary>
        internal (List<Centre> Centres, int[] Labels) Start()
        {
            int columns = Math.Clamp((int)Math.Round(_width / Spacing), 1, _width);
            int rows = Math.Clamp((int)Math.Round(_height / Spacing), 1, _height);
            var centres = new List<Centre>();
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    (double x, double y) = (((column + 0.5) * _width / columns) - 0.5, ((row + 0.5) * _height / rows) - 0.5);
                    (int dx, int dy) = (from v in (int[])[0, -1, 1] from u in (int[])[0, -1, 1] select (u, v))
                        .MinBy(d => Edge(Pixel(x + d.u), Pixel(y + d.v)));
                    (double l, double a, double b) = Color(Pixel(x + dx), Pixel(y + dy));
                    centres.Add(new Centre(l, a, b, x + dx, y + dy));
                }
            }

            int CellOf(int i) => (i / _width * rows / _height * columns) + (i % _width * columns / _width);
            return (centres, [.. Enumerable.Range(0, _colors.Length).Select(CellOf)]);
        }

        internal void Assign(List<Centre> centres, int[] labels)
        {
            Array.Fill(_distances, double.PositiveInfinity);
            for (int k = 0; k < centres.Count; k++)
            {
                Centre c = centres[k];
                (int left, int right) = ((int)Math.Max(0, c.X - Spacing), (int)Math.Min(_width - 1, c.X + Spacing));
                (int top, int bottom) = ((int)Math.Max(0, c.Y - Spacing), (int)Math.Min(_height - 1, c.Y + Spacing));
                for (int y = top; y <= bottom; y++)
                {
                    for (int x = left; x <= right; x++)
                    {
                        int i = (y * _width) + x;
                        double away = ((x - c.X) * (x - c.X)) + ((y - c.Y) * (y - c.Y));
                        double distance = Difference(_colors[i], (c.L, c.A, c.B)) + (_weight * away);
                        if (distance < _distances[i])
                        {
                            (_distances[i], labels[i]) = (distance, k);
                        }
                    }
                }
            }
        }

        internal void Update(List<Centre> centres, int[] labels)
        {
            var sums = new Centre[centres.Count];
            var counts = new int[centres.Count];
            for (int i = 0; i < labels.Length; i++)
            {
                int k = labels[i];
                Centre s = sums[k];
                sums[k] = new Centre(s.L + _colors[i].L, s.A + _colors[i].A, s.B + _colors[i].B, s.X + (i % _width), s.Y + (i / _width));
                counts[k]++;
            }

            for (int k = 0; k < sums.Length; k++)
            {
                (Centre s, int n) = (sums[k], counts[k]);
                centres[k] = n > 0 ? new Centre(s.L / n, s.A / n, s.B / n, s.X / n, s.Y / n) : centres[k];
            }
        }

        private static double Difference((double L, double A, double B) a, (double L, double A, double B) b) =>
            ((a.L - b.L) * (a.L - b.L)) + ((a.A - b.A) * (a.A - b.A)) + ((a.B - b.B) * (a.B - b.B));

        private static int Pixel(double at) => (int)Math.Floor(at + 0.5);

        private double Edge(int x, int y) => Difference(Color(x + 1, y), Color(x - 1, y)) + Difference(Color(x, y + 1), Color(x, y - 1));

        /// <summary>The colour at a place; outside, that of the nearest pixel.</summary>
        private (double L, double A, double B) Color(int x, int y) =>
            _colors[(Math.Clamp(y, 0, _height - 1) * _width) + Math.Clamp(x, 0, _width - 1)];
    }
}
