using Interp.Engine.Common;

namespace Interp.Engine.Statistics;

/// <summary>Uniformly random orders and samples.</summary>
internal static class Draws
{
    /// <summary>The numbers 0 … n − 1 in random order, by R. Fisher and F. Yates' shuffle (R. Durstenfeld, 1964).</summary>
    /// <param name="n">How many.</param>
    /// <param name="rng">Of which the indices from <paramref name="firstIndex"/> on are used, n − 1 of them.</param>
    /// <param name="firstIndex">The first index.</param>
    internal static int[] Permutation(int n, Rng rng, ulong firstIndex = 0) => Sample(n, n, rng, firstIndex);

    /// <summary>Different numbers of 0 … n − 1, all subsets and orders alike likely: the first ones of
    /// <see cref="Permutation"/>.</summary>
    /// <param name="n">Of how many.</param>
    /// <param name="count">How many, at most n.</param>
    /// <param name="rng">Of which the indices from <paramref name="firstIndex"/> on are used, at most <paramref name="count"/>.</param>
    /// <param name="firstIndex">The first index.</param>
    internal static int[] Sample(int n, int count, Rng rng, ulong firstIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, n);
        int[] order = [.. Enumerable.Range(0, n)];
        for (int i = 0; i < Math.Min(count, n - 1); i++)
        {
            int j = i + (int)(rng.Uniform(firstIndex + (ulong)i) * (n - i));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return count == n ? order : order[..count];
    }
}
