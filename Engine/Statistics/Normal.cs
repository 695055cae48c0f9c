namespace Interp.Engine.Statistics;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    /// <summary>Φ(x), with relative precision in the lower tail; the upper one is <c>Cdf(-x)</c>.</summary>
    internal static double Cdf(double x) => ErrorFunction.ComplementOf(-x / Math.Sqrt(2)) / 2;

    /// <summary>x with Φ(x) = p, by Newton's method on ln Φ, which is concave: from the left it never overshoots.</summary>
    /// <param name="p">Above 0, below 1.</param>
    internal static double Quantile(double p)
    {
        if (p is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "expected a number above 0 and below 1");
        }

        if (p > 0.5)
        {
            return -Quantile(1 - p);
        }

        double x = 0, goal = Math.Log(p);
        for (int step = 0; step < 100; step++)
        {
            double value = Cdf(x), slope = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) / value;
            double next = x - ((Math.Log(value) - goal) / slope);
            if (Math.Abs(next - x) <= 1e-15 * Math.Abs(x))
            {
                break;
            }

            x = next;
        }

        return x;
    }
}
