using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// A symmetric system A x = b of weighted least squares, A = Σ_i w_i z_i z_iᵀ + ridge·I, solved in float64 by <see cref="Cholesky"/>,
/// sums in the order of the rows. Where the rows do not determine x, <see cref="IsSingular"/> is true and a millionth of A's mean
/// diagonal is added to it, which picks an x near the smallest that fits.
/// </summary>
internal sealed class NormalEquations
{
    private const double Repair = 1e-6;
    private readonly Cholesky _factor;

    /// <param name="rows">z_i.</param>
    /// <param name="weights">w_i.</param>
    /// <param name="ridge">What is added to the diagonal.</param>
    internal NormalEquations(double[][] rows, double[] weights, double ridge = 0)
    {
        int n = rows.Length > 0 ? rows[0].Length : 0;
        var a = new double[n * n];
        for (int r = 0; r < rows.Length; r++)
        {
            for (int i = 0; i < n; i++)
            {
                double scaled = weights[r] * rows[r][i];
                for (int j = 0; j <= i; j++)
                {
                    a[(i * n) + j] += scaled * rows[r][j];
                }
            }
        }

        double mean = Enumerable.Range(0, n).Sum(i => a[(i * n) + i] + ridge) / n;
        var factor = Cholesky.Of(a, n, ridge);
        IsSingular = factor is null;
        _factor = factor ?? Cholesky.Of(a, n, ridge + (mean > 0 ? Repair * mean : 1))!;
    }

    /// <summary>Whether the rows leave x open.</summary>
    internal bool IsSingular { get; }

    /// <summary>Σ_i w_i y_i z_i: the right-hand side for observations y.</summary>
    internal static double[] RightSide(double[][] rows, double[] weights, double[] observed)
    {
        var b = new double[rows[0].Length];
        for (int r = 0; r < rows.Length; r++)
        {
            for (int i = 0; i < b.Length; i++)
            {
                b[i] += weights[r] * observed[r] * rows[r][i];
            }
        }

        return b;
    }

    /// <summary>x for a right-hand side.</summary>
    internal double[] Solve(double[] b) => _factor.Solve(b);
}
