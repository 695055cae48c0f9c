using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>Uniformly random orders.</summary>
internal static class Permutation
{
    /// <summary>The numbers 0 … n − 1 in random order, by R. Fisher and F. Yates' shuffle (R. Durstenfeld, 1964).</summary>
    /// <param name="n">How many.</param>
    /// <param name="rng">Of which the indices from <paramref name="firstIndex"/> on are used, n − 1 of them.</param>
    /// <param name="firstIndex">The first index.</param>
    internal static int[] Draw(int n, Rng rng, ulong firstIndex = 0)
    {
        int[] order = [.. Enumerable.Range(0, n)];
        for (int i = 0; i < n - 1; i++)
        {
            int j = i + (int)(rng.Uniform(firstIndex + (ulong)i) * (n - i));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
