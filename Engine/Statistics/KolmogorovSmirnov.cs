namespace Interp.Engine.Statistics;

/// <summary>A. Kolmogorov and N. Smirnov's test: are these numbers a sample of that distribution?</summary>
public static class KolmogorovSmirnov
{
    private const int MostExact = 2000;

    /// <summary>
    /// D = max_i max(i/n − x_(i), x_(i) − (i − 1)/n) of numbers against the uniform distribution on 0 … 1, which p-values have where the
    /// null hypothesis holds, and the two-sided p: from the exact distribution up to 2000 numbers (J. Marsaglia, W. Tsang, J. Wang, Journal
    /// of Statistical Software 8(18), 2003; where n·D² > 4 twice the one-sided one, R. Miller, Journal of the American Statistical
    /// Association 51, 1956), beyond that from the limit.
    /// </summary>
    /// <param name="values">At least one number, 0 to 1.</param>
    /// <exception cref="ArgumentException">No numbers, or one outside 0 … 1.</exception>
    public static (double D, double P) Uniform(IReadOnlyList<double> values)
    {
        if (values.Count == 0 || values.Any(v => v is not (>= 0 and <= 1)))
        {
            throw new ArgumentException("expected at least one number, all from 0 to 1", nameof(values));
        }

        double[] sorted = [.. values.Order()];
        int n = sorted.Length;
        double d = 0;
        for (int i = 0; i < n; i++)
        {
            d = Math.Max(d, Math.Max((i + 1.0) / n - sorted[i], sorted[i] - ((double)i / n)));
        }

        return (d, Tail(n, d));
    }

    /// <summary>P(D ≥ d) for n numbers.</summary>
    internal static double Tail(int n, double d) =>
        Math.Clamp(n * d * d > 4 ? 2 * OneSided(n, d) : n <= MostExact ? 1 - Distribution(n, d) : Limit(n, d), 0, 1);

    /// <summary>P(D⁺ ≥ d) = d Σ_j C(n,j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j), j ≤ n(1 − d).</summary>
    private static double OneSided(int n, double d)
    {
        double sum = 0;
        for (int j = 0; j <= n * (1 - d); j++)
        {
            double rest = 1 - d - ((double)j / n);
            double ways = LogGamma.Of(n + 1.0) - LogGamma.Of(j + 1.0) - LogGamma.Of(n - j + 1.0);
            sum += rest > 0 ? Math.Exp(ways + ((j - 1) * Math.Log(d + ((double)j / n))) + ((n - j) * Math.Log(rest))) : 0;
        }

        return Math.Min(1, d * sum);
    }

    /// <summary>Kolmogorov's limit at √n·d with J. Vrbik's correction (Pioneer Journal of Theoretical and Applied Statistics 15,
    /// 2018).</summary>
    private static double Limit(int n, double d)
    {
        double root = Math.Sqrt(n), x = (root * d) + (1 / (6 * root)) + (((root * d) - 1) / (4 * n)), sum = 0;
        for (int k = 1; k <= 100; k++)
        {
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * x * x);
        }

        return x < 0.3 ? 1 : sum;
    }

    /// <summary>P(D &lt; d): an element of the n-th power of a matrix of 2⌈nd⌉ − 1 rows, times n!/nⁿ.</summary>
    private static double Distribution(int n, double d)
    {
        int k = (int)(n * d) + 1, m = (2 * k) - 1;
        double h = k - (n * d);
        var step = new double[m, m];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j <= Math.Min(i + 1, m - 1); j++)
            {
                step[i, j] = 1;
            }
        }

        for (int i = 0; i < m; i++)
        {
            step[i, 0] -= Math.Pow(h, i + 1);
            step[m - 1, i] -= Math.Pow(h, m - i);
        }

        step[m - 1, 0] += (2 * h) - 1 > 0 ? Math.Pow((2 * h) - 1, m) : 0;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j <= Math.Min(i + 1, m - 1); j++)
            {
                step[i, j] /= Math.Exp(LogGamma.Of(i - j + 2));
            }
        }

        (double[,] power, double exponent) = Power(step, n);
        double log = Math.Log(power[k - 1, k - 1]) + exponent + LogGamma.Of(n + 1.0) - (n * Math.Log(n));
        return Math.Exp(log);
    }

    /// <summary>A matrix to a power, as a matrix and the logarithm of its factor.</summary>
    private static (double[,] Value, double LogFactor) Power(double[,] matrix, int power)
    {
        if (power == 1)
        {
            return (matrix, 0);
        }

        (double[,] half, double factor) = Power(matrix, power / 2);
        (double[,] value, double scale) = (Product(half, half), 2 * factor);
        value = power % 2 == 1 ? Product(value, matrix) : value;
        double middle = value[value.GetLength(0) / 2, value.GetLength(0) / 2];
        if (middle is > 1e100 or (< 1e-100 and > 0))
        {
            scale += Math.Log(middle);
            for (int i = 0; i < value.GetLength(0); i++)
            {
                for (int j = 0; j < value.GetLength(1); j++)
                {
                    value[i, j] /= middle;
                }
            }
        }

        return (value, scale);
    }

    private static double[,] Product(double[,] a, double[,] b)
    {
        int n = a.GetLength(0);
        var c = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < n; k++)
            {
                double left = a[i, k];
                for (int j = 0; j < n && left != 0; j++)
                {
                    c[i, j] += left * b[k, j];
                }
            }
        }

        return c;
    }
}
