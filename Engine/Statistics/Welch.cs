namespace Interp.Engine.Statistics;

/// <summary>B. Welch's t-test (Biometrika 34, 1947): have two sets of independent numbers one mean, whatever their variances?</summary>
public static class Welch
{
    /// <summary>
    /// t = (ā − b̄)/√(s_a²/n_a + s_b²/n_b), its degrees of freedom after F. Satterthwaite (s_a²/n_a + s_b²/n_b)² / ((s_a²/n_a)²/(n_a − 1) +
    /// (s_b²/n_b)²/(n_b − 1)), and the two-sided p. Where neither set varies, t is 0 and p 1 for equal means, else t infinite and p 0, at
    /// n_a + n_b − 2 degrees of freedom.
    /// </summary>
    /// <param name="a">At least two numbers.</param>
    /// <param name="b">At least two numbers.</param>
    /// <exception cref="ArgumentException">Fewer numbers, or a number that is not finite.</exception>
    public static (double T, double DegreesOfFreedom, double P) Test(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        double va = VarianceOfMean(a, nameof(a)), vb = VarianceOfMean(b, nameof(b)), difference = Moments.Mean(a) - Moments.Mean(b);
        if (va + vb == 0)
        {
            return difference == 0 ? (0, a.Count + b.Count - 2, 1)
                : (Math.CopySign(double.PositiveInfinity, difference), a.Count + b.Count - 2, 0);
        }

        double t = difference / Math.Sqrt(va + vb);
        double freedom = (va + vb) * (va + vb) / ((va * va / (a.Count - 1)) + (vb * vb / (b.Count - 1)));
        return (t, freedom, StudentT.TwoSided(t, freedom));
    }

    private static double VarianceOfMean(IReadOnlyList<double> values, string name)
    {
        if (values.Count < 2)
        {
            throw new ArgumentException($"Welch's test of {values.Count} numbers: expected at least 2", name);
        }

        Finite.Check(values, name);
        return Moments.Variance(values) / values.Count;
    }
}
