namespace Interp.Engine.Statistics;

/// <summary>The error function in float64.</summary>
internal static class ErrorFunction
{
    /// <summary>Below it the power series loses no digits to cancellation that matter, above it the continued fraction converges
    /// fast.</summary>
    private const double Boundary = 2.5;

    /// <summary>erf x = 2/√π Σ_k x·2^k·x^2k·e^(−x²)/(1·3·…·(2k+1)), whose terms are all positive; beyond 2.5, 1 − erfc x.</summary>
    internal static double Of(double x)
    {
        double t = Math.Abs(x);
        if (!(t > Boundary))
        {
            double term = x, sum = x;
            for (int k = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
            {
                term *= 2 * x * x / (2 * k + 1);
                sum += term;
            }

            return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
        }

        return Math.CopySign(1 - Complement(t), x);
    }

    /// <summary>1 − erf x, without cancellation above 2.5.</summary>
    internal static double ComplementOf(double x) => x > Boundary ? Complement(x) : 1 - Of(x);

    /// <summary>erfc t = e^(−t²)/√π · 1/(t + ½/(t + 1/(t + 3/2/(t + …)))).</summary>
    private static double Complement(double t)
    {
        double tail = t;
        for (int k = 60; k > 0; k--)
        {
            tail = t + k / 2.0 / tail;
        }

        return Math.Exp(-t * t) / Math.Sqrt(Math.PI) / tail;
    }
}
