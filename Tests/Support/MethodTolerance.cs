using Interp.Engine.Attribution;

namespace Interp.Tests.Support;

/// <summary>How closely two float32 or float64 answers of a method can agree.</summary>
internal static class MethodTolerance
{
    /// <summary>Of a score, in float32.</summary>
    private const double Rounding = 1e-6;

    /// <summary>
    /// The tolerance, relative to the norm of the values. What perturbs an image answers differences of scores, each good to 1e-6 of the
    /// score: a network whose logit a window of grey moves by a ten-thousandth leaves but two digits of it.
    /// </summary>
    public static double Of(AttributionResult expected, double tolerance)
    {
        double norm = Math.Sqrt(expected.Values.Sum(v => (double)v * v));
        if (norm == 0 || AttributionCatalog.FamilyOf(expected.Method).Title != "Perturbation")
        {
            return tolerance;
        }

        // HSIC and Sobol indices do not have the score's unit: differences of scores stand over their own spread.
        double width = Fact("kernel_width") ?? Math.Sqrt(Fact("variance") ?? 0);
        double size = Math.Max(1, Math.Abs(expected.Score));
        double level = Math.Abs(expected.Score) * Math.Sqrt(expected.Values.Length) / norm;
        return tolerance + (Rounding * (width > 0 ? 20 * size / width : level));

        double? Fact(string name) => expected.Facts.Where(f => f.Name == name).Select(f => (double?)f.Value).FirstOrDefault();
    }

    /// <summary>Guided IG from noise rather than from black: on a plain image many gradients are alike but for rounding, or cancel but for
    /// it, and those of the least size move first.</summary>
    public static IEnumerable<(string Option, string Value)> WithoutTies(AttributionMethod method) =>
        method.Name == "guided-ig" ? [("baseline", "noise")] : [];
}
