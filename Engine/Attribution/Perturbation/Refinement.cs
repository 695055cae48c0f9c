namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Values on a grid, measured coarsely first and in between only where it matters. Every fourth row and column is measured; then every second, then all:
/// each new point lies between two or four coarser neighbours, and is measured if one of them exceeds a share of the largest value measured so far, in
/// magnitude; otherwise it becomes their mean. Points beyond the last coarse row or column are measured.
/// </summary>
/// <param name="rows">Rows of the grid.</param>
/// <param name="columns">Its columns.</param>
internal sealed class Refinement(int rows, int columns)
{
    private const int Coarsest = 4;
    private readonly double[] _values = new double[rows * columns];

    /// <summary>Number of points measured.</summary>
    internal int Measured { get; private set; }

    /// <summary>The values at all points, row-major.</summary>
    /// <param name="share">Which share of the largest magnitude matters, 0…1; at 0 nearly all points are measured.</param>
    /// <param name="measure">Given points, and the share of all points that will be decided when they are, returns their values.</param>
    internal double[] Run(double share, Func<int[], double, double[]> measure)
    {
        double largest = 0;
        int decided = 0;
        for (int step = Coarsest; step >= 1; step /= 2)
        {
            int[] points = [.. Points(step)];
            var ask = new List<int>();
            foreach (int point in points)
            {
                double[] neighbours = step == Coarsest ? [] : Neighbours(point, step);
                if (neighbours.Length == 0 || neighbours.Max(Math.Abs) > share * largest)
                {
                    ask.Add(point);
                }
                else
                {
                    _values[point] = neighbours.Average();
                }
            }

            decided += points.Length;
            double[] found = measure([.. ask], decided / (double)_values.Length);
            for (int i = 0; i < found.Length; i++)
            {
                _values[ask[i]] = found[i];
                largest = Math.Max(largest, Math.Abs(found[i]));
            }

            Measured += ask.Count;
        }

        return _values;
    }

    /// <summary>Points of this step that are not points of the step before.</summary>
    private IEnumerable<int> Points(int step)
    {
        for (int row = 0; row < rows; row += step)
        {
            for (int column = 0; column < columns; column += step)
            {
                if (step == Coarsest || row % (2 * step) != 0 || column % (2 * step) != 0)
                {
                    yield return (row * columns) + column;
                }
            }
        }
    }

    /// <summary>The values at the coarser points around a point; none where the grid ends before one of them.</summary>
    private double[] Neighbours(int point, int step)
    {
        (int row, int column) = Math.DivRem(point, columns);
        int[] ys = row % (2 * step) == 0 ? [row] : [row - step, row + step];
        int[] xs = column % (2 * step) == 0 ? [column] : [column - step, column + step];
        return ys[^1] >= rows || xs[^1] >= columns ? [] : [.. from y in ys from x in xs select _values[(y * columns) + x]];
    }
}
