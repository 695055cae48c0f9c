using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// What is left of the scores beside a linear model of them, S ≈ μ + Σ_j β_j (M(x_j) − p) over the points of <see cref="RisePoints"/>.
/// Each mask is foretold by a model that was fitted without it and its pair (ten folds), so that the model's exact part Cov(M, M) β and
/// the mean of what is left estimate the same as without a model, without bias; what is left varies less.
/// </summary>
/// <param name="Left">S − model, by mask.</param>
/// <param name="Beta">The mean of the folds' β.</param>
internal sealed record RiseFit(double[] Left, double[] Beta)
{
    // The penalty beside the sum of all variances of the masks at the points: it lets through what is smooth.
    private const double Penalty = 0.01;
    private const int MostFolds = 10, Chunk = 2048;

    /// <summary>Fits.</summary>
    /// <param name="points">The points.</param>
    /// <param name="masks">The masks' numbers.</param>
    /// <param name="scores">S of each of these.</param>
    /// <param name="together">How many masks in a row were drawn together.</param>
    /// <param name="threads">How many may compute.</param>
    /// <returns>Null where there are too few masks.</returns>
    internal static RiseFit? Of(RisePoints points, int[] masks, double[] scores, int together, int threads)
    {
        int units = (masks.Length + together - 1) / together;
        if (units < 4)
        {
            return null;
        }

        Fold[] folds = [.. Enumerable.Range(0, Math.Min(MostFolds, units)).Select(_ => new Fold(points.Count))];
        EachChunk((first, x) => Parallel.For(0, folds.Length, ThreadLimit.Of(threads), f =>
        {
            foreach (int i in Members(f, first, x.Length))
            {
                folds[f].Add(x[i - first], scores[i]);
            }
        }));
        var all = new Fold(points.Count);
        foreach (Fold fold in folds)
        {
            all.Add(fold);
        }

        var models = new (double Mean, double[] Beta)[folds.Length];
        Parallel.For(0, folds.Length, ThreadLimit.Of(threads), f => models[f] = all.Without(folds[f], Penalty * points.Variance));
        var left = new double[masks.Length];
        EachChunk((first, x) =>
        {
            for (int i = first; i < first + x.Length; i++)
            {
                (double mean, double[] beta) = models[i / together % folds.Length];
                left[i] = scores[i] - mean - Vectors.Dot(x[i - first], beta);
            }
        });
        var average = new double[points.Count];
        for (int f = 0; f < folds.Length; f++)
        {
            Vectors.Add(average, folds[f].Count / (double)masks.Length, models[f].Beta);
        }

        return new RiseFit(left, average);

        void EachChunk(Action<int, double[][]> use)
        {
            for (int first = 0; first < masks.Length; first += Chunk)
            {
                use(first, points.Of(masks[first..Math.Min(first + Chunk, masks.Length)], threads));
            }
        }

        IEnumerable<int> Members(int f, int first, int count) =>
            Enumerable.Range(first, count).Where(i => i / together % folds.Length == f);
    }

    /// <summary>Sums over some masks: Σ x xᵀ (lower triangle), Σ S x, Σ x, Σ S.</summary>
    private sealed class Fold(int size)
    {
        private readonly double[] _squares = new double[size * size], _products = new double[size], _sum = new double[size];
        private double _scores;

        internal int Count { get; private set; }

        internal void Add(double[] x, double score)
        {
            for (int r = 0; r < size; r++)
            {
                Vectors.Add(_squares.AsSpan(r * size, r + 1), x[r], x.AsSpan(0, r + 1));
            }

            Vectors.Add(_products, score, x);
            Vectors.Add(_sum, 1, x);
            (_scores, Count) = (_scores + score, Count + 1);
        }

        internal void Add(Fold other, double sign = 1)
        {
            Vectors.Add(_squares, sign, other._squares);
            Vectors.Add(_products, sign, other._products);
            Vectors.Add(_sum, sign, other._sum);
            (_scores, Count) = (_scores + (sign * other._scores), Count + (int)(sign * other.Count));
        }

        /// <summary>The mean score of all masks but a fold's, and the β that fits them.</summary>
        internal (double Mean, double[] Beta) Without(Fold fold, double penalty)
        {
            var rest = new Fold(size);
            rest.Add(this);
            rest.Add(fold, -1);
            double mean = rest._scores / rest.Count;
            Vectors.Add(rest._products, -mean, rest._sum);

            // Positive definite, since the penalty is a share of the diagonal.
            return (mean, Cholesky.Of(rest._squares, size, penalty * rest.Count * size)!.Solve(rest._products));
        }
    }
}
