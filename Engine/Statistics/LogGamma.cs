namespace Interp.Engine.Statistics;

/// <summary>The logarithm of the gamma function.</summary>
internal static class LogGamma
{
    private const double Shift = 671.0 / 128, RootTwoPi = 2.5066282746310005024;

    private static readonly double[] Terms =
    [
        57.156235665862923517, -59.597960355475491248, 14.136097974741747174, -0.49191381609762019978, 0.33994649984811888699e-4,
        0.46523628927048575665e-4, -0.98374475304879564677e-4, 0.15808870322491248884e-3, -0.21026444172410488319e-3,
        0.21743961811521264320e-3, -0.16431810653676389022e-3, 0.84418223983852743293e-4, -0.26190838401581408670e-4,
        0.36899182659531622704e-5,
    ];

    /// <summary>ln Γ(x), x above 0, by C. Lanczos' sum (SIAM Journal on Numerical Analysis B 1, 1964), to some 1e-15 of itself.</summary>
    internal static double Of(double x)
    {
        double sum = 0.99999999999999709182;
        for (int i = 0; i < Terms.Length; i++)
        {
            sum += Terms[i] / (x + i + 1);
        }

        double t = x + Shift;
        return ((x + 0.5) * Math.Log(t)) - t + Math.Log(RootTwoPi * sum / x);
    }
}
