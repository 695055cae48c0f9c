using Interp.Engine.Attribution.Gradients;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// A game fitted to pairs of a coalition and its complement, by a Gaussian process: f(x) = Σ_i α_i k(x, x_i), x with +1 for a player that
/// is in and −1 for one that is not, k(x, y) = sinh(τ x·y / M) / sinh τ. f(x) stands for v(x) − v(−x), which decides the Shapley values:
/// what is even in v adds nothing to them. A small τ makes f additive, a large one lets many players act together.
/// </summary>
/// <remarks>
/// Those of k(·, y) are known: sinh(θ x·y) is a difference of products over players, whose multilinear extension has the partial
/// derivatives sinh θ (A^{m−1} B^{M−m} + B^{m−1} A^{M−m}) for a player in y and − sinh θ (A^m B^{M−m−1} + …) for one that is not, with θ =
/// τ / M, m the players in y, A = t e^θ + (1 − t) e^{−θ}, B = t e^{−θ} + (1 − t) e^θ; the Shapley value is its integral over t in 0 … 1 (G.
/// Owen, Management Science 18, 1972), exact by Gauss' rule.
/// </remarks>
internal sealed class FittedGame
{
    /// <summary>The variance of what the process cannot explain, of the variance of f at one coalition; for the additive game next to
    /// none.</summary>
    private const double Noise = 0.01, AdditiveNoise = 1e-8;

    /// <summary>τ, an additive game first.</summary>
    private static readonly double[] s_bends = [0.001, 2, 4, 6, 8];

    private readonly sbyte[][] _points;
    private readonly double[] _alpha, _kernel, _inside;

    private FittedGame(sbyte[][] points, double[] pulled, double[] kernel, double bend)
    {
        int n = points.Length;
        (_points, _kernel, _inside) = (points, kernel, Inside(points[0].Length, bend));
        var gram = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                gram[(i * n) + j] = Kernel(points[i], points[j]);
            }

            // The last is the whole image against the fill, which is known without noise.
            gram[(i * n) + i] += i < n - 1 && bend > s_bends[0] ? Noise : AdditiveNoise;
        }

        Cholesky factor = Cholesky.Of(gram, n)!;
        _alpha = factor.Solve(pulled);
        Likelihood = (-0.5 * n * Math.Log(Math.Max(Vectors.Dot(pulled, _alpha) / n, double.Epsilon))) - factor.LogDiagonal();
        Bend = bend;
    }

    /// <summary>τ.</summary>
    internal double Bend { get; }

    /// <summary>The logarithm of the data's likelihood, of the scale that suits them best.</summary>
    private double Likelihood { get; }

    /// <summary>The game of the τ that makes the data likeliest.</summary>
    /// <param name="points">x.</param>
    /// <param name="differences">v(x) − v(−x).</param>
    /// <param name="total">v(all) − v(none).</param>
    internal static FittedGame Likeliest(sbyte[][] points, double[] differences, double total) =>
        s_bends.Select(bend => Of(points, differences, total, bend)).MaxBy(g => g.Likelihood)!;

    /// <summary>The game of one τ.</summary>
    /// <inheritdoc cref="Likeliest"/>
    internal static FittedGame Of(sbyte[][] points, double[] differences, double total, double bend)
    {
        int players = points[0].Length;
        double[] kernel =
            [.. Enumerable.Range(-players, (2 * players) + 1).Select(dot => Math.Sinh(bend * dot / players) / Math.Sinh(bend))];
        return new FittedGame([.. points, Enumerable.Repeat((sbyte)1, players).ToArray()], [.. differences, total], kernel, bend);
    }

    /// <summary>f.</summary>
    internal double At(sbyte[] x)
    {
        double sum = 0;
        for (int i = 0; i < _points.Length; i++)
        {
            sum += _alpha[i] * Kernel(_points[i], x);
        }

        return sum;
    }

    /// <summary>Its Shapley values.</summary>
    internal double[] Values()
    {
        var values = new double[_points[0].Length];
        for (int i = 0; i < _points.Length; i++)
        {
            int inside = _points[i].Count(p => p > 0);
            for (int k = 0; k < values.Length; k++)
            {
                values[k] += _alpha[i] * (_points[i][k] > 0 ? _inside[inside] : -_inside[values.Length - inside]);
            }
        }

        return values;
    }

    /// <summary>The Shapley value in k(·, y) of a player in y, by the number of players in y.</summary>
    private static double[] Inside(int players, double bend)
    {
        double theta = bend / players;
        (double Node, double Weight)[] rule = Quadrature.GaussLegendre.Points((players + 1) / 2);
        var values = new double[players + 1];
        for (int inside = 1; inside <= players; inside++)
        {
            foreach ((double t, double weight) in rule)
            {
                double a = (t * Math.Exp(theta)) + ((1 - t) * Math.Exp(-theta)), b = (t * Math.Exp(-theta)) + ((1 - t) * Math.Exp(theta));
                values[inside] += weight * Math.Pow(a, inside - 1) * Math.Pow(b, players - inside) * Math.Sinh(theta) / Math.Sinh(bend);
            }
        }

        return values;
    }

    private double Kernel(sbyte[] x, sbyte[] y)
    {
        int dot = 0;
        for (int k = 0; k < x.Length; k++)
        {
            dot += x[k] * y[k];
        }

        return _kernel[dot + x.Length];
    }
}
