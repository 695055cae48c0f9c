namespace Interp.Engine.Statistics;

/// <summary>Tests by permutation.</summary>
public static class Permutations
{
    /// <summary>
    /// (1 + b) / (1 + B): the p-value where b of B permutations reach what was observed. The observation counts among them, so that it is
    /// never 0 and the test keeps its level at any B (B. Phipson, G. Smyth, Statistical Applications in Genetics and Molecular Biology 9,
    /// 2010).
    /// </summary>
    /// <param name="atLeast">b, how many permutations are at least as extreme.</param>
    /// <param name="of">B, how many there were.</param>
    public static double P(int atLeast, int of)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(atLeast);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(atLeast, of);
        return (1.0 + atLeast) / (1.0 + of);
    }
}
