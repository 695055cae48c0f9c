using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Ways to estimate E[S M] / p, the expected score of what a pixel is shown in, from N masks and their scores. All have the same
/// expectation, and differ by their noise.
/// </summary>
internal sealed class RiseEstimate
{
    /// <summary>The paper's: Σ S_i M_i / (N p). Its noise is that of Σ M_i times the level of the scores, which shows nothing of the
    /// image.</summary>
    internal const string Plain = "plain";

    /// <summary>S̄ + Σ (S_i − S̄)(M_i − p) / ((N − 1) p): without that level.</summary>
    internal const string Control = "control";

    /// <summary>The same of what a linear model leaves of the scores, plus the model's exact part (<see cref="RiseFit"/>); masks in pairs,
    /// which cancels what the score has that is even.</summary>
    internal const string Regression = "regression";

    private readonly RiseMasks _masks;
    private readonly RisePoints _points;
    private readonly double _keep;
    private readonly string _kind;
    private readonly int _threads;

    /// <param name="kind">One of <see cref="All"/>.</param>
    /// <param name="masks">The masks, in pairs for <see cref="Regression"/>.</param>
    /// <param name="keep">p.</param>
    /// <param name="threads">How many may compute.</param>
    internal RiseEstimate(string kind, RiseMasks masks, double keep, int threads)
    {
        (_kind, _masks, _keep, _threads) = (kind, masks, keep, threads);
        _points = new RisePoints(masks, keep);
    }

    /// <summary>The estimates by name.</summary>
    internal static Catalog<string> All { get; } = new("estimator", e => e, Regression, Control, Plain);

    /// <summary>How many masks in a row are drawn together.</summary>
    internal static int Together(string kind) => kind == Regression ? 2 : 1;

    /// <summary>The map, <c>[H,W]</c>.</summary>
    /// <param name="scores">S of the first masks.</param>
    internal float[] Map(double[] scores)
    {
        (double[] weights, double[]? beta, double level) = Weigh([.. Enumerable.Range(0, scores.Length)], scores);
        double[] sums = RiseSums.Of(_masks, weights, _threads);
        double[]? smooth = beta is null ? null : _points.AtPixels(beta);
        double shift = level - weights.Sum();
        var map = new float[sums.Length];
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = (float)((sums[i] / _keep) + shift + ((smooth?[i] ?? 0) / _keep));
        }

        return map;
    }

    /// <summary>Σ S_i M_i / Σ M_i at each pixel; 0 where no mask kept it.</summary>
    internal float[] OverMasks(double[] scores)
    {
        double[] weighed = RiseSums.Of(_masks, scores, _threads);
        double[] shown = RiseSums.Of(_masks, [.. scores.Select(_ => 1.0)], _threads);
        return [.. weighed.Zip(shown, (sum, kept) => kept > 0 ? (float)(sum / kept) : 0)];
    }

    /// <summary>The map that some masks give, at the points of <see cref="RisePoints"/>.</summary>
    /// <param name="masks">Their numbers.</param>
    /// <param name="scores">S of each of these.</param>
    internal double[] AtPoints(int[] masks, double[] scores)
    {
        (double[] weights, double[]? beta, double level) = Weigh(masks, scores);
        double[] map = beta is null ? new double[_points.Count] : _points.AtPoints(beta);
        for (int i = 0; i < masks.Length; i++)
        {
            Vectors.Add(map, weights[i], _points.Of(masks[i]));
        }

        return [.. map.Select(v => (v / _keep) + level)];
    }

    /// <summary>The map is level + (Σ w_i (M_i − p) + Cov(M, M) β) / p.</summary>
    private (double[] Weights, double[]? Beta, double Level) Weigh(int[] masks, double[] scores)
    {
        int n = scores.Length;
        double mean = scores.Sum() / n;
        if (_kind == Regression && RiseFit.Of(_points, masks, scores, 2, _threads) is { } fit)
        {
            return ([.. fit.Left.Select(r => r / n)], fit.Beta, mean);
        }

        return _kind == Plain ? ([.. scores.Select(s => s / n)], null, mean)
            : ([.. scores.Select(s => n > 1 ? (s - mean) / (n - 1) : 0)], null, mean);
    }
}
