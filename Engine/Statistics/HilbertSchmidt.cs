using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Statistics;

/// <summary>
/// How much a number y depends on each of some coins x_j (A. Gretton, O. Bousquet, A. Smola, B. Schölkopf, ALT 2005): the Hilbert-Schmidt
/// independence criterion tr(K H L H) / (n − 1)² of n samples, H = 1 − 1/n, with L_ab = exp(−(y_a − y_b)² / (2σ²)) and K_ab = ½ − (x_a −
/// x_b)², that is 2 x̃ᵀ L x̃ / (n − 1)², x̃ = x − x̄. 0 of large samples if and only if y does not depend on x_j. In float64; parallel over
/// samples, sums in their order.
/// </summary>
internal static class HilbertSchmidt
{
    /// <summary>The criterion of each coin, and the mean over coins of what it is on average when the y are dealt out anew: tr(H K H) tr(H
    /// L H) / (n − 1)³.</summary>
    /// <param name="x">The coins of each sample.</param>
    /// <param name="y">The number of each sample.</param>
    /// <param name="width">σ; above 0.</param>
    /// <param name="threads">How many may compute.</param>
    internal static (double[] Values, double Chance) Of(bool[][] x, double[] y, double width, int threads)
    {
        (int n, int inputs) = (x.Length, x[0].Length);
        double[] means = [.. Enumerable.Range(0, inputs).Select(j => x.Count(sample => sample[j]) / (double)n)];
        double[][] centred = [.. x.Select(sample => sample.Select((stays, j) => (stays ? 1 : 0) - means[j]).ToArray())];
        var parts = new double[n][];
        var sums = new double[n];
        Parallel.For(0, n, ThreadLimit.Of(threads), a =>
        {
            var part = new double[inputs];
            for (int b = 0; b < n; b++)
            {
                double distance = (y[a] - y[b]) / width, near = Math.Exp(-0.5 * distance * distance);
                sums[a] += near;
                Vectors.Add(part, near, centred[b]);
            }

            for (int j = 0; j < inputs; j++)
            {
                part[j] *= centred[a][j];
            }

            parts[a] = part;
        });

        var values = new double[inputs];
        double squares = 0, scale = 2 / ((n - 1.0) * (n - 1));
        for (int a = 0; a < n; a++)
        {
            Vectors.Add(values, scale, parts[a]);
            squares += Vectors.Dot(centred[a], centred[a]) / inputs;
        }

        return (values, scale * squares * (n - (sums.Sum() / n)) / (n - 1));
    }

    /// <summary>The median of |y_a − y_b| over all pairs a &lt; b, of two middle ones the lower: the customary σ.</summary>
    internal static double MedianDistance(double[] y)
    {
        double[] sorted = [.. y.Order()];
        long pairs = (long)y.Length * (y.Length - 1) / 2, wanted = (pairs + 1) / 2;
        double low = 0, high = sorted[^1] - sorted[0];
        if (Within(0) >= wanted)
        {
            return 0;
        }

        // The least distance within which half of the pairs lie: bisection until no number is between.
        while (low + ((high - low) / 2) is var middle && middle > low && middle < high)
        {
            (low, high) = Within(middle) >= wanted ? (low, middle) : (middle, high);
        }

        return high;

        long Within(double distance)
        {
            long count = 0;
            for (int first = 0, last = 0; last < sorted.Length; last++)
            {
                while (sorted[last] - sorted[first] > distance)
                {
                    first++;
                }

                count += last - first;
            }

            return count;
        }
    }
}
