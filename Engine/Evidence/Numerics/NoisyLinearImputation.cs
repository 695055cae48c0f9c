using Interp.Engine.Common;

namespace Interp.Engine.Evidence.Numerics;

/// <summary>
/// ROAD's imputation (arXiv 2202.00449, section 4): each missing pixel is the weighted mean of its eight neighbours inside the image,
/// direct ones 1/6,
/// diagonal ones 1/12, plus Gaussian noise of deviation 0.01 in network units. The means of all missing pixels depend on each other: the
/// system
/// (D − W)·x = W_known·x_known, D diagonal with the sum of the weights inside the image, is symmetric and positive definite, and is solved
/// by
/// conjugate gradients with D as preconditioner in float64, to a residual of 1e-6 of the right-hand side. Deterministic.
/// </summary>
internal static class NoisyLinearImputation
{
    private const double Noise = 0.01;
    private const double Tolerance = 1e-6;

    /// <summary>The image with the missing pixels imputed.</summary>
    /// <param name="image"><c>[C,H,W]</c>.</param>
    /// <param name="size">H and W.</param>
    /// <param name="missing">Indices into the plane <c>[H,W]</c>; if all pixels are missing there is nothing to go by, and they become zero
    /// plus noise.</param>
    /// <param name="noise">Where the noise comes from.</param>
    public static float[] Apply(ReadOnlySpan<float> image, (int Height, int Width) size, ReadOnlySpan<int> missing, Rng noise)
    {
        int plane = size.Height * size.Width;
        var grid = new Grid(size, missing);
        float[] result = image.ToArray();
        for (int start = 0; start < image.Length; start += plane)
        {
            double[] solution = grid.Solve(image.Slice(start, plane));
            foreach (int pixel in missing)
            {
                result[start + pixel] = (float)(solution[pixel] + (Noise * noise.Gaussian((ulong)(start + pixel))));
            }
        }

        return result;
    }

    /// <summary>The linear system on an image with a frame of one pixel, on which everything is zero, so that no neighbour needs a
    /// test.</summary>
    private sealed class Grid
    {
        private readonly (int Height, int Width) _size;
        private readonly int _stride;
        private readonly int[] _cells;
        private readonly double[] _diagonal;

        internal Grid((int Height, int Width) size, ReadOnlySpan<int> missing)
        {
            _size = size;
            _stride = size.Width + 2;
            _cells = new int[missing.Length];
            for (int i = 0; i < missing.Length; i++)
            {
                _cells[i] = CellOf(missing[i]);
            }

            Array.Sort(_cells);
            double[] inside = new double[(size.Height + 2) * _stride];
            for (int pixel = 0; pixel < size.Height * size.Width; pixel++)
            {
                inside[CellOf(pixel)] = 1;
            }

            _diagonal = new double[inside.Length];
            foreach (int cell in _cells)
            {
                _diagonal[cell] = Neighbours(inside, cell);
            }
        }

        internal double[] Solve(ReadOnlySpan<float> plane)
        {
            var known = new double[_diagonal.Length];
            for (int pixel = 0; pixel < plane.Length; pixel++)
            {
                int cell = CellOf(pixel);
                known[cell] = _diagonal[cell] == 0 ? plane[pixel] : 0;
            }

            double[] x = new double[known.Length], r = new double[known.Length], p = new double[known.Length], q = new double[known.Length];
            double energy = 0, size = 0;
            foreach (int cell in _cells)
            {
                r[cell] = Neighbours(known, cell);
                p[cell] = r[cell] / _diagonal[cell];
                energy += r[cell] * p[cell];
                size += r[cell] * r[cell];
            }

            double goal = Tolerance * Tolerance * size;
            for (int step = 0; size > goal && step < _cells.Length && _cells.Length < plane.Length; step++)
            {
                double curvature = 0;
                foreach (int cell in _cells)
                {
                    q[cell] = (_diagonal[cell] * p[cell]) - Neighbours(p, cell);
                    curvature += p[cell] * q[cell];
                }

                double length = energy / curvature, next = 0;
                size = 0;
                foreach (int cell in _cells)
                {
                    x[cell] += length * p[cell];
                    r[cell] -= length * q[cell];
                    next += r[cell] * r[cell] / _diagonal[cell];
                    size += r[cell] * r[cell];
                }

                foreach (int cell in _cells)
                {
                    p[cell] = (r[cell] / _diagonal[cell]) + (next / energy * p[cell]);
                }

                energy = next;
            }

            var solution = new double[plane.Length];
            for (int pixel = 0; pixel < solution.Length; pixel++)
            {
                solution[pixel] = x[CellOf(pixel)];
            }

            return solution;
        }

        private double Neighbours(double[] values, int cell)
        {
            ReadOnlySpan<double> above = values.AsSpan(cell - _stride - 1, 3), here = values.AsSpan(cell - 1, 3),
                below = values.AsSpan(cell + _stride - 1, 3);
            return ((above[1] + here[0] + here[2] + below[1]) / 6) + ((above[0] + above[2] + below[0] + below[2]) / 12);
        }

        private int CellOf(int pixel) => ((pixel / _size.Width + 1) * _stride) + (pixel % _size.Width) + 1;
    }
}
