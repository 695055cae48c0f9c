using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Attribution.Cam;

/// <summary>The direction in which centred data vary most.</summary>
internal static class PrincipalComponent
{
    private const int MaximumSteps = 20_000;
    private const double Settled = 1e-12;

    /// <summary>
    /// σ₁·u₁ for the singular value decomposition X = Σ σ_i v_i u_iᵀ: the columns of X seen along v₁, up to sign; and σ₁² / Σ σ_i². Power
    /// iteration in float64 on the smaller of XXᵀ and XᵀX from a fixed random start; one thread, one order.
    /// </summary>
    /// <param name="rows">X, K rows of n values, each row with mean 0.</param>
    /// <param name="cancel">Checked at each step.</param>
    internal static (double[] Projection, double Share) Project(double[][] rows, CancellationToken cancel)
    {
        int n = rows[0].Length;
        bool byRows = rows.Length < n;
        double[][] vectors = byRows ? rows : [.. Enumerable.Range(0, n).Select(i => Array.ConvertAll(rows, r => r[i]))];
        double[][] gram = Gram(vectors, cancel);
        double trace = 0;
        for (int i = 0; i < gram.Length; i++)
        {
            trace += gram[i][i];
        }

        if (trace == 0)
        {
            return (new double[n], 0);
        }

        (double[] direction, double eigenvalue) = Leading(gram, cancel);
        double scale = Math.Sqrt(eigenvalue);
        double[] projection = byRows ? Combine(rows, direction) : Array.ConvertAll(direction, d => d * scale);
        return (projection, eigenvalue / trace);
    }

    private static (double[] Vector, double Value) Leading(double[][] gram, CancellationToken cancel)
    {
        var rng = new Rng(0);
        double[] v = [.. Enumerable.Range(0, gram.Length).Select(i => rng.Gaussian((ulong)i))];
        double value = Normalise(v);
        for (int step = 0; step < MaximumSteps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            double[] next = Array.ConvertAll(gram, row => Vectors.Dot(row, v));
            value = Normalise(next);
            double moved = 0;
            for (int i = 0; i < v.Length; i++)
            {
                moved += (next[i] - v[i]) * (next[i] - v[i]);
            }

            v = next;
            if (moved < Settled * Settled)
            {
                break;
            }
        }

        return (v, value);
    }

    private static double[][] Gram(double[][] vectors, CancellationToken cancel)
    {
        double[][] gram = [.. vectors.Select(_ => new double[vectors.Length])];
        for (int i = 0; i < vectors.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            for (int j = 0; j <= i; j++)
            {
                gram[i][j] = gram[j][i] = Vectors.Dot(vectors[i], vectors[j]);
            }
        }

        return gram;
    }

    private static double[] Combine(double[][] rows, double[] weights)
    {
        var sum = new double[rows[0].Length];
        for (int k = 0; k < rows.Length; k++)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += weights[k] * rows[k][i];
            }
        }

        return sum;
    }

    private static double Normalise(double[] v)
    {
        double length = Math.Sqrt(Vectors.Dot(v, v));
        for (int i = 0; i < v.Length; i++)
        {
            v[i] /= length;
        }

        return length;
    }
}
