using Interp.Engine.Common;

namespace Interp.Engine.LinearAlgebra;

/// <summary>
/// A non-negative matrix as a product of two: A ≈ U W with U, W ≥ 0 that minimise ‖A − U W‖² (Frobenius), by hierarchical alternating least
/// squares (A. Cichocki, A. Phan, IEICE Transactions E92-A, 2009: each element in turn takes its best value, the others fixed) from the
/// start that the singular vectors give (NNDSVD: C. Boutsidis, E. Gallopoulos, Pattern Recognition 41, 2008), which is no draw of luck.
/// A local minimum: the least of all is not to be had. Float64; the same bits at any number of threads.
/// </summary>
/// <param name="U">How much of each part a row has, <c>[rows,rank]</c>.</param>
/// <param name="W">The parts, <c>[rank,columns]</c>, rows of unit length; a part that nothing uses is zero.</param>
/// <param name="Error">‖A − U W‖.</param>
/// <param name="Norm">‖A‖.</param>
/// <param name="Sweeps">How many times each element took a value.</param>
public sealed record NonNegativeFactors(double[] U, double[] W, double Error, double Norm, int Sweeps)
{
    /// <summary>1 − ‖A − U W‖² / ‖A − Ā‖² with Ā the mean of each column: what share of the rows' differences the parts explain.</summary>
    public double R2 { get; private init; }

    /// <summary>Factors a matrix.</summary>
    /// <param name="a"><c>[rows,columns]</c>, none negative.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="rank">Rows of W, at most the smaller side.</param>
    /// <param name="tolerance">It ends where a sweep lowers ‖A − U W‖ by less than this share.</param>
    /// <param name="most">The most sweeps.</param>
    /// <param name="threads">Threads that compute; 0 for one per core.</param>
    /// <param name="cancel">Checked at each sweep.</param>
    /// <exception cref="ArgumentException">A value is negative or not finite, all are 0, or the rank does not fit.</exception>
    public static NonNegativeFactors Of(
        double[] a, int columns, int rank, double tolerance = 1e-6, int most = 1000, int threads = 0, CancellationToken cancel = default)
    {
        int rows = a.Length / columns;
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, Math.Min(rows, columns));
        int wrong = Array.FindIndex(a, v => !(v >= 0) || double.IsInfinity(v));
        double squares = Vectors.Dot(a, a);
        if (wrong >= 0 || squares == 0)
        {
            throw new ArgumentException(
                wrong >= 0 ? $"value {wrong} is {a[wrong]}, expected none below 0, all finite" : "all values are 0", nameof(a));
        }

        ParallelOptions parallel = ThreadLimit.Of(threads, cancel);
        double[] turned = DenseProduct.Transpose(a, columns);
        (double[] u, double[] parts) = Start(ThinSvd.Of(a, columns, rank, parallel), rows, columns, rank);
        double error = double.PositiveInfinity;
        int sweeps = 0;
        for (; sweeps < most; sweeps++)
        {
            cancel.ThrowIfCancellationRequested();
            (double[] products, double[] gram) = Improve(a, parts, u, rank, parallel);
            double now = Math.Sqrt(Math.Max(0, squares - Explained(u, products, gram, rank)));
            Improve(turned, u, parts, rank, parallel);
            if (error - now <= tolerance * error && sweeps > 0)
            {
                break;
            }

            error = now;
        }

        return Finish(a, u, parts, columns, rank, sweeps, parallel);
    }

    /// <summary>NNDSVD: of each singular triple the larger of its two non-negative parts.</summary>
    private static (double[] U, double[] Parts) Start(ThinSvd svd, int rows, int columns, int rank)
    {
        double[] u = new double[rows * rank], parts = new double[columns * rank];
        for (int j = 0; j < rank; j++)
        {
            double up = Length(svd.Left[j], 1) * Length(svd.Right[j], 1), down = Length(svd.Left[j], -1) * Length(svd.Right[j], -1);
            int sign = up >= down ? 1 : -1;
            double scale = Math.Sqrt(svd.Values[j] * Math.Max(up, down));
            Put(svd.Left[j], u, j);
            Put(svd.Right[j], parts, j);

            void Put(double[] vector, double[] into, int column)
            {
                double length = Length(vector, sign);
                for (int i = 0; i < vector.Length && length > 0; i++)
                {
                    into[(i * rank) + column] = Math.Max(0, sign * vector[i]) * scale / length;
                }
            }
        }

        return (u, parts);

        static double Length(double[] vector, int sign) => Math.Sqrt(vector.Sum(v => sign * v > 0 ? v * v : 0));
    }

    /// <summary>One sweep over the rows of X in A ≈ X Yᵀ; A Y and YᵀY.</summary>
    private static (double[] Products, double[] Gram) Improve(double[] a, double[] y, double[] x, int rank, ParallelOptions parallel)
    {
        int inner = y.Length / rank, rows = x.Length / rank;
        double[] products = new double[x.Length], gram = new double[rank * rank];
        DenseProduct.Multiply(a, y, products, inner, rank, parallel);
        DenseProduct.Multiply(DenseProduct.Transpose(y, rank), y, gram, inner, rank, parallel);
        Parallel.For(0, rows, parallel, i =>
        {
            Span<double> row = x.AsSpan(i * rank, rank);
            for (int j = 0; j < rank; j++)
            {
                double own = gram[(j * rank) + j];
                double missing = products[(i * rank) + j] - Vectors.Dot(row, gram.AsSpan(j * rank, rank));
                row[j] = own > 0 ? Math.Max(0, row[j] + (missing / own)) : row[j];
            }
        });
        return (products, gram);
    }

    /// <summary>‖A‖² − ‖A − X Yᵀ‖² = 2 Σ X∘(AY) − Σ (XᵀX)∘(YᵀY).</summary>
    private static double Explained(double[] x, double[] products, double[] gram, int rank)
    {
        double cross = Vectors.Dot(x, products), own = 0;
        for (int i = 0; i < x.Length; i += rank)
        {
            ReadOnlySpan<double> row = x.AsSpan(i, rank);
            for (int j = 0; j < rank; j++)
            {
                own += row[j] * Vectors.Dot(row, gram.AsSpan(j * rank, rank));
            }
        }

        return (2 * cross) - own;
    }

    private static NonNegativeFactors Finish(
        double[] a, double[] u, double[] parts, int columns, int rank, int sweeps, ParallelOptions parallel)
    {
        double[] w = DenseProduct.Transpose(parts, rank);
        for (int j = 0; j < rank; j++)
        {
            Span<double> part = w.AsSpan(j * columns, columns);
            double length = Math.Sqrt(Vectors.Dot(part, part));
            for (int k = 0; k < columns && length > 0; k++)
            {
                part[k] /= length;
            }

            for (int i = j; i < u.Length; i += rank)
            {
                u[i] *= length;
            }
        }

        var product = new double[a.Length];
        DenseProduct.Multiply(u, w, product, rank, columns, parallel);
        double squares = 0, spread = 0;
        var means = new double[columns];
        for (int i = 0; i < a.Length; i++)
        {
            means[i % columns] += a[i] / (a.Length / columns);
            squares += (a[i] - product[i]) * (a[i] - product[i]);
        }

        for (int i = 0; i < a.Length; i++)
        {
            spread += (a[i] - means[i % columns]) * (a[i] - means[i % columns]);
        }

        return new NonNegativeFactors(u, w, Math.Sqrt(squares), Math.Sqrt(Vectors.Dot(a, a)), sweeps)
        {
            R2 = spread > 0 ? 1 - (squares / spread) : double.NaN,
        };
    }
}
