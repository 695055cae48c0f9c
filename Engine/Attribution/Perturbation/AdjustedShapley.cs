namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Shapley values of coalitions drawn in pairs of complements with probability proportional to 1 / (s (M − s)) for size s, adjusted by
/// regression: those of a fitted game f plus what v − f adds, each pair seen by a game that was fitted without it: φ_k = φ_k(f) + (Z/n) Σ_z
/// (v(z) − f(z)) (M z_k − |z|), Z = Σ_s 1/(s (M − s)). Without bias whatever f is, and the nearer f is to v the less noise. Their sum is
/// exact, since f has v(all) and v(none), and Σ_k (M z_k − |z|) = 0. R. Witter, Y. Liu, C. Musco, arXiv 2506.11849, with a game of its own
/// (<see cref="FittedGame"/>) instead of trees.
/// </summary>
/// <param name="Values">φ.</param>
/// <param name="Errors">Their standard errors, of the sum over pairs.</param>
/// <param name="Explained">1 − Σ (d − f)² / Σ d² over the pairs' differences d = v(z) − v(−z), each foretold without it.</param>
internal sealed record AdjustedShapley(double[] Values, double[] Errors, double Explained)
{
    private const int Folds = 10, MostFitted = 500;

    /// <summary>The values, or null where there are too few pairs.</summary>
    internal static AdjustedShapley? Of(Game game)
    {
        int pairs = game.Coalitions.Length / 2, players = game.Players, folds = Math.Min(Folds, pairs);
        if (pairs < 4)
        {
            return null;
        }

        double total = game.Whole - game.Empty;
        sbyte[][] x = [.. Enumerable.Range(0, pairs).Select(j => game.Coalitions[2 * j].Select(stays => (sbyte)(stays ? 1 : -1)).ToArray())];
        double[] d = [.. Enumerable.Range(0, pairs).Select(j => game.Values[2 * j] - game.Values[(2 * j) + 1])];
        double bend = Fit(_ => true, (points, values) => FittedGame.Likeliest(points, values, total)).Bend;

        var fitted = new double[players];
        var terms = new double[pairs][];
        double left = 0, spread = 0;
        double scale = Enumerable.Range(1, players - 1).Sum(s => 1.0 / ((double)s * (players - s)));
        for (int fold = 0; fold < folds; fold++)
        {
            FittedGame f = Fit(j => j % folds != fold, (points, values) => FittedGame.Of(points, values, total, bend));
            double[] values = f.Values();
            double missing = (total - values.Sum()) / players;
            for (int j = fold; j < pairs; j += folds)
            {
                double residual = d[j] - f.At(x[j]) - (missing * x[j].Sum(v => v));
                (left, spread) = (left + (residual * residual), spread + (d[j] * d[j]));
                int inside = x[j].Count(v => v > 0);
                terms[j] = [.. x[j].Select(v => scale * residual / 2 * ((v > 0 ? players : 0) - inside))];
                for (int k = 0; k < players; k++)
                {
                    fitted[k] += (values[k] + missing) / pairs;
                }
            }
        }

        double[] mean = [.. Enumerable.Range(0, players).Select(k => terms.Sum(t => t[k]) / pairs)];
        double[] errors = [.. mean.Select((m, k) => Math.Sqrt(terms.Sum(t => (t[k] - m) * (t[k] - m)) / (pairs - 1.0) / pairs))];
        return new AdjustedShapley([.. fitted.Zip(mean, (f, m) => f + m)], errors, spread > 0 ? 1 - (left / spread) : 1);

        // Time grows with the cube of the pairs that are fitted; more than these only correct.
        FittedGame Fit(Func<int, bool> takes, Func<sbyte[][], double[], FittedGame> fit)
        {
            int[] some = [.. Enumerable.Range(0, pairs).Where(takes).Take(MostFitted)];
            return fit([.. some.Select(j => x[j])], [.. some.Select(j => d[j])]);
        }
    }
}
