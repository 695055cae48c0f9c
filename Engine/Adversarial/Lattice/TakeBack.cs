using Interp.Engine.Backends;

namespace Interp.Engine.Adversarial;

/// <summary>
/// Takes back changes of an image that were not needed for the goal. By the gradient where the image stands, each change is worth what f
/// would lose without it; the least worth per price go first, as many at once as f can spare, which is found by trying.
/// </summary>
internal static class TakeBack
{
    private const int Tries = 7;

    internal static Work MostWork(int rounds) => new((long)rounds * (1 + Tries), rounds);

    /// <param name="pursuit">Remembers what is found.</param>
    /// <param name="measure">What is to be small.</param>
    /// <param name="x">An image in whole levels that reaches the goal; becomes the last one that does.</param>
    /// <param name="rounds">How often the gradient is taken anew, at most.</param>
    internal static void Run(Pursuit pursuit, LatticeMeasure measure, float[] x, int rounds)
    {
        float[] clean = pursuit.Problem.Surface.Clean;
        float[] trial = new float[x.Length], gradient = new float[x.Length];
        for (int round = 0; round < rounds; round++)
        {
            float[] logits = pursuit.Look(x);
            var pair = LogitPair.Of(pursuit.Problem.Goal, logits);
            pursuit.Gradient(pair, gradient);
            (int[] order, double[] losses) = Order(measure, clean, x, gradient);
            int taken = Take(pair.Value(logits), order, losses);
            if (taken <= order.Length / 500)
            {
                return;
            }
        }

        int Take(double spare, int[] order, double[] losses)
        {
            int low = 0, high = order.Length + 1, next = 0;
            for (double loss = 0; next < order.Length && loss + losses[next] <= spare; next++)
            {
                loss += losses[next];
            }

            next = Math.Clamp(next, 1, Math.Max(1, order.Length));
            for (int t = 0; t < Tries && high - low > 1 + (low / 16); t++)
            {
                Without(next);
                bool reached = pursuit.IsReached(pursuit.Look(trial));
                (low, high) = reached ? (next, high) : (low, next);
                next = high > order.Length ? Math.Min(order.Length, low + Math.Max(1, low / 2)) : (low + high) / 2;
            }

            Without(low);
            trial.CopyTo(x, 0);
            return low;

            void Without(int count)
            {
                x.CopyTo(trial, 0);
                for (int j = 0; j < count; j++)
                {
                    int i = order[j];
                    float d = x[i] - clean[i];
                    trial[i] = clean[i] + (MathF.Sign(d) * (float)measure.Less(MathF.Abs(d)));
                }
            }
        }
    }

    /// <summary>The changed values by what f loses without a piece of their change, per price, the least first; and these losses.</summary>
    private static (int[] Order, double[] Losses) Order(
        LatticeMeasure measure, float[] clean, float[] x, float[] gradient)
    {
        var order = new List<int>();
        var worths = new List<double>();
        for (int i = 0; i < x.Length; i++)
        {
            double d = (double)x[i] - clean[i], k = Math.Abs(d);
            if (k > 0)
            {
                order.Add(i);
                worths.Add(Loss(i, d) / (measure.Price(k) - measure.Price(measure.Less(k))));
            }
        }

        int[] sorted = [.. Enumerable.Range(0, order.Count).OrderBy(j => worths[j]).Select(j => order[j])];
        var losses = new double[sorted.Length];
        for (int j = 0; j < losses.Length; j++)
        {
            losses[j] = Loss(sorted[j], (double)x[sorted[j]] - clean[sorted[j]]);
        }

        return (sorted, losses);

        double Loss(int i, double d) => gradient[i] * Math.Sign(d) * (Math.Abs(d) - measure.Less(Math.Abs(d)));
    }
}
