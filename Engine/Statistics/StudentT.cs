namespace Interp.Engine.Statistics;

/// <summary>Student's t distribution.</summary>
internal static class StudentT
{
    /// <summary>P(|T| ≥ |t|) = I_{ν/(ν+t²)}(ν/2, 1/2).</summary>
    /// <param name="t">t.</param>
    /// <param name="degreesOfFreedom">ν, above 0, not necessarily whole.</param>
    internal static double TwoSided(double t, double degreesOfFreedom) => double.IsInfinity(t) ? 0
        : Beta.Regularized(degreesOfFreedom / 2, 0.5, degreesOfFreedom / (degreesOfFreedom + (t * t)));
}
