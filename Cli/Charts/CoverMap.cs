namespace Interp.Cli.Charts;

/// <summary>How much of each pixel of a rectangle contours cover: by the signed area to the right of their sides, summed from the left.
/// </summary>
internal sealed class CoverMap(int left, int top, int width, int height)
{
    private readonly double[] _sums = new double[(width + 2) * height];

    /// <summary>Adds a contour's side.</summary>
    public void Add(double x0, double y0, double x1, double y1)
    {
        (x0, y0, x1, y1) = (x0 - left, y0 - top, x1 - left, y1 - top);
        double sign = y0 < y1 ? 1 : -1;
        if (y0 > y1)
        {
            (x0, y0, x1, y1) = (x1, y1, x0, y0);
        }

        for (int row = (int)Math.Max(0, Math.Floor(y0)); row < Math.Min(height, y1); row++)
        {
            double from = Math.Max(row, y0), to = Math.Min(row + 1, y1);
            if (to > from)
            {
                double slope = (x1 - x0) / (y1 - y0);
                AddRow(row, x0 + ((from - y0) * slope), x0 + ((to - y0) * slope), sign * (to - from));
            }
        }
    }

    /// <summary>Tells of every pixel that is covered its place and its share.</summary>
    public void Visit(Action<int, int, double> see)
    {
        for (int y = 0; y < height; y++)
        {
            double sum = 0;
            for (int x = 0; x < width; x++)
            {
                sum += _sums[(y * (width + 2)) + x];
                if (Math.Min(1, Math.Abs(sum)) is > 1e-9 and var share)
                {
                    see(left + x, top + y, share);
                }
            }
        }
    }

    /// <summary>Within one row: of each column that the side crosses, the part of its height that lies there, and its middle.</summary>
    private void AddRow(int row, double a, double b, double part)
    {
        (double low, double high) = (Math.Clamp(Math.Min(a, b), 0, width), Math.Clamp(Math.Max(a, b), 0, width));
        int at = row * (width + 2);
        for (int column = (int)low; column <= (int)high; column++)
        {
            (double from, double to) = (Math.Max(low, column), Math.Min(high, column + 1));
            double own = high > low ? part * (to - from) / (high - low) : part, middle = ((from + to) / 2) - column;
            _sums[at + column] += own * (1 - middle);
            _sums[at + column + 1] += own * middle;
        }
    }
}
