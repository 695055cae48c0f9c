namespace Interp.Engine.LinearAlgebra;

/// <summary>
/// u ≥ 0 that minimises ‖a − Wᵀu‖² for fixed W, exactly: C. Lawson and R. Hanson's active sets (Solving Least Squares Problems, 1974,
/// chapter 23) on the normal equations (R. Bro, S. de Jong, Journal of Chemometrics 11, 1997). Float64.
/// </summary>
/// <param name="w"><c>[rank,columns]</c>.</param>
/// <param name="rank">Rows of W, some tens.</param>
internal sealed class NonNegativeLeastSquares(double[] w, int rank)
{
    private const double Tolerance = 1e-12;
    private readonly int _columns = w.Length / rank;
    private readonly double[] _gram = Gram(w, rank);

    /// <summary>u.</summary>
    /// <param name="a">A row of as many values as W has columns.</param>
    internal double[] Solve(ReadOnlySpan<double> a)
    {
        var target = new double[rank];
        for (int j = 0; j < rank; j++)
        {
            target[j] = Vectors.Dot(w.AsSpan(j * _columns, _columns), a);
        }

        var u = new double[rank];
        bool[] free = new bool[rank], refused = new bool[rank];
        double limit = Tolerance * target.Max(Math.Abs);
        for (int step = 0; step < 10 * rank; step++)
        {
            int next = Steepest(target, u, free, refused, limit);
            if (next < 0)
            {
                break;
            }

            free[next] = true;
            if (Settle(target, u, free) is not { } found)
            {
                (free[next], refused[next]) = (false, true); // W's rows depend on each other: this one adds nothing
                continue;
            }

            refused[next] = found[next] == 0; // rounding alone made it look useful
            u = found;
        }

        return u;
    }

    private static double[] Gram(double[] w, int rank)
    {
        int columns = w.Length / rank;
        var gram = new double[rank * rank];
        for (int i = 0; i < rank; i++)
        {
            for (int j = 0; j < rank; j++)
            {
                gram[(i * rank) + j] = Vectors.Dot(w.AsSpan(i * columns, columns), w.AsSpan(j * columns, columns));
            }
        }

        return gram;
    }

    /// <summary>The element at 0 whose growth lowers the error fastest, or −1.</summary>
    private int Steepest(double[] target, double[] u, bool[] free, bool[] refused, double limit)
    {
        (int best, double most) = (-1, limit);
        for (int j = 0; j < rank; j++)
        {
            double slope = target[j] - Vectors.Dot(u, _gram.AsSpan(j * rank, rank));
            if (!free[j] && !refused[j] && slope > most)
            {
                (best, most) = (j, slope);
            }
        }

        return best;
    }

    /// <summary>The least squares over the free elements, of which those that would fall below 0 are bound again; null where they do not
    /// determine it.</summary>
    private double[]? Settle(double[] target, double[] u, bool[] free)
    {
        double[] at = [.. u];
        while (true)
        {
            int[] chosen = [.. Enumerable.Range(0, rank).Where(j => free[j])];
            double[] part = [.. chosen.SelectMany(i => chosen.Select(j => _gram[(i * rank) + j]))];
            if (Cholesky.Of(part, chosen.Length) is not { } factor)
            {
                return null;
            }

            double[] best = factor.Solve([.. chosen.Select(j => target[j])]);
            double share = 1;
            for (int i = 0; i < chosen.Length; i++)
            {
                share = best[i] <= 0 ? Math.Min(share, at[chosen[i]] / (at[chosen[i]] - best[i])) : share;
            }

            for (int i = 0; i < chosen.Length; i++)
            {
                at[chosen[i]] = share == 1 ? best[i] : at[chosen[i]] + (share * (best[i] - at[chosen[i]]));
                if (best[i] <= 0 && at[chosen[i]] <= Tolerance * Math.Abs(best[i]))
                {
                    (at[chosen[i]], free[chosen[i]]) = (0, false);
                }
            }

            if (best.All(b => b > 0))
            {
                return at;
            }
        }
    }
}
