namespace Interp.Engine.Statistics;

/// <summary>The beta distribution.</summary>
internal static class Beta
{
    private const int MostTerms = 100_000;

    /// <summary>
    /// I_x(a, b) = B(x; a, b) / B(a, b), the regularised incomplete beta function, by its continued fraction (NIST Handbook of Mathematical
    /// Functions, 8.17.22), evaluated by W. Lentz' method.
    /// </summary>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    /// <param name="x">0 to 1.</param>
    internal static double Regularized(double a, double b, double x)
    {
        if (!(a > 0) || !(b > 0) || x is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"I_x(a, b) of a = {a}, b = {b}, x = {x}: expected a and b above 0 and x from 0 to 1");
        }

        // The fraction converges fast below the distribution's middle.
        return x == 0 || x == 1 ? x
            : x < (a + 1) / (a + b + 2) ? Factor(a, b, x) * Fraction(a, b, x) / a
            : 1 - (Factor(a, b, x) * Fraction(b, a, 1 - x) / b);
    }

    /// <summary>x with I_x(a, b) = p, by bisection down to neighbouring numbers.</summary>
    internal static double Quantile(double a, double b, double p)
    {
        (double low, double high) = (0, 1);
        for (double middle = 0.5; middle > low && middle < high; middle = (low + high) / 2)
        {
            (low, high) = Regularized(a, b, middle) < p ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static double Factor(double a, double b, double x) =>
        Math.Exp(LogGamma.Of(a + b) - LogGamma.Of(a) - LogGamma.Of(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));

    private static double Fraction(double a, double b, double x)
    {
        const double Tiny = 1e-300;
        double c = 1, d = 1 / NotZero(1 - ((a + b) * x / (a + 1))), value = d;
        for (int m = 1; m < MostTerms; m++)
        {
            Step(m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m))));
            double before = value;
            Step(-(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1)));
            if (Math.Abs(value - before) <= 1e-16 * Math.Abs(value))
            {
                break;
            }
        }

        return value;

        void Step(double term)
        {
            (d, c) = (1 / NotZero(1 + (term * d)), NotZero(1 + (term / c)));
            value *= c * d;
        }

        static double NotZero(double v) => Math.Abs(v) < Tiny ? Tiny : v;
    }
}
