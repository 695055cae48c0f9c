using Interp.Engine.Backends;

namespace Interp.Engine.Adversarial;

/// <summary>
/// Makes of an image between the levels one on whole levels that reaches the goal: the change is stretched by the smallest factor at which
/// the rounded image does, found by bisection; then changes that were not needed are taken back.
/// </summary>
internal static class LatticeRepair
{
    private const int Halvings = 8, Doublings = 12;

    internal static Work MostWork(int rounds) => new Work(1 + Doublings + Halvings, 0) + TakeBack.MostWork(rounds);

    /// <param name="pursuit">Remembers the nearest image; it looks at images on whole levels only.</param>
    /// <param name="measure">What is to be small.</param>
    /// <param name="found">What an attack found, in the box.</param>
    /// <param name="rounds">How often changes are taken back, at most; 0 for stretching alone.</param>
    internal static void Run(Pursuit pursuit, LatticeMeasure measure, float[] found, int rounds)
    {
        float[] clean = pursuit.Problem.Surface.Clean, x = new float[clean.Length];
        double largest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(found[i] - clean[i]));
        }

        if (largest == 0)
        {
            return;
        }

        // Below 0.5/largest nothing is left after rounding.
        double low = 0.5 / largest, high = Math.Max(1, 1.5 * low);
        int doublings = 0;
        for (; !Reaches(high) && doublings < Doublings; doublings++)
        {
            (low, high) = (high, 2 * high);
        }

        for (int t = 0; t < Halvings && doublings < Doublings; t++)
        {
            double middle = Math.Sqrt(low * high);
            (low, high) = Reaches(middle) ? (low, middle) : (middle, high);
        }

        if (pursuit.Nearest is { } nearest)
        {
            TakeBack.Run(pursuit, measure, [.. nearest], rounds);
        }

        bool Reaches(double factor)
        {
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = (float)(clean[i] + (factor * ((double)found[i] - clean[i])));
            }

            Surface.Round(x);
            return pursuit.IsReached(pursuit.Look(x));
        }
    }
}
