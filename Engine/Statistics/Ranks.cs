namespace Interp.Engine.Statistics;

/// <summary>Ranks, 1 for the least; equal values share their mean rank.</summary>
internal static class Ranks
{
    internal static double[] Of(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values];
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        var ranks = new double[sorted.Length];
        foreach ((int first, int count) in Ties(sorted))
        {
            foreach (int i in order.AsSpan(first, count))
            {
                ranks[i] = first + ((count + 1) / 2.0);
            }
        }

        return ranks;
    }

    /// <summary>Σ (t³ − t) over the groups of t equal values.</summary>
    internal static double TieTerm(IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return Ties(sorted).Sum(t => ((double)t.Count * t.Count * t.Count) - t.Count);
    }

    /// <summary>Where each group of equal values begins, and how many it has.</summary>
    private static IEnumerable<(int First, int Count)> Ties(double[] sorted)
    {
        for (int first = 0, behind; first < sorted.Length; first = behind)
        {
            behind = first + 1;
            while (behind < sorted.Length && sorted[behind] == sorted[first])
            {
                behind++;
            }

            yield return (first, behind - first);
        }
    }
}
