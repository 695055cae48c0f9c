namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Values on a grid, measured at every second row and column first and in between only where they vary: each new point lies between two or
/// four measured ones, and is measured too if these differ by more than a share of the largest magnitude found; otherwise it becomes their
/// mean. Points beyond the last even row or column are always measured.
/// </summary>
/// <param name="rows">Rows of the grid.</param>
/// <param name="columns">Its columns.</param>
internal sealed class Refinement(int rows, int columns)
{
    private readonly double[] _values = new double[rows * columns];

    /// <summary>Number of points measured.</summary>
    internal int Measured { get; private set; }

    /// <summary>The values at all points, row-major.</summary>
    /// <param name="share">Which share of the largest magnitude matters, 0…1.</param>
    /// <param name="measure">Given points, and the share of all points that will be known when they are, returns their values.</param>
    internal double[] Run(double share, Func<int[], double, double[]> measure)
    {
        int[] coarse = [.. Enumerable.Range(0, _values.Length).Where(IsCoarse)];
        Measure(coarse, coarse.Length / (double)_values.Length, measure);
        double least = share * coarse.Max(i => Math.Abs(_values[i]));
        var vary = new List<int>();
        foreach (int point in Enumerable.Range(0, _values.Length).Where(i => !IsCoarse(i)))
        {
            double[] around = Neighbours(point);
            if (around.Length == 0 || around.Max() - around.Min() > least)
            {
                vary.Add(point);
            }
            else
            {
                _values[point] = around.Average();
            }
        }

        Measure([.. vary], 1, measure);
        return _values;
    }

    private void Measure(int[] points, double until, Func<int[], double, double[]> measure)
    {
        double[] found = measure(points, until);
        for (int i = 0; i < points.Length; i++)
        {
            _values[points[i]] = found[i];
        }

        Measured += points.Length;
    }

    private bool IsCoarse(int point) => point / columns % 2 == 0 && point % columns % 2 == 0;

    /// <summary>The values at the measured points around one; none where the grid ends before one of them.</summary>
    private double[] Neighbours(int point)
    {
        (int row, int column) = Math.DivRem(point, columns);
        int[] ys = row % 2 == 0 ? [row] : [row - 1, row + 1];
        int[] xs = column % 2 == 0 ? [column] : [column - 1, column + 1];
        return ys[^1] >= rows || xs[^1] >= columns ? [] : [.. from y in ys from x in xs select _values[(y * columns) + x]];
    }
}
