using System.Text.Json;

namespace Interp.Tests.Engine.Statistics;

/// <summary>Numbers of SciPy, scikit-learn and NumPy, written by scripts/make_statistics_goldens.py.</summary>
internal sealed record StatisticsGolden(
    double[][] Beta, double[][] BetaQuantile, double[][] Student, double[][] Normal, double[][] NormalQuantile, double[][] Kolmogorov,
    double[] A, double[] B, double[] TiesA, double[] TiesB, double[] Uniform, double[] Welch, double[] MannWhitney,
    double[] MannWhitneyTies, double[] Ks, double[] Auroc, double[] X, double[] Y, double[] Ranks, double Pearson, double Spearman,
    double Kendall, double[][] Quantiles, double[][] Intervals, double[] P, double[] Bonferroni, double[] Holm,
    double[] BenjaminiHochberg)
{
    private static readonly Lazy<StatisticsGolden> Read = new(() => Parse<StatisticsGolden>("statistics"));

    internal static StatisticsGolden Value => Read.Value;

    internal static T Parse<T>(string name) => JsonSerializer.Deserialize<T>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "statistics", name + ".json")), JsonSerializerOptions.Web)!;

    internal static void IsClose(double expected, double actual, double relative, string why) =>
        Assert.IsLessThanOrEqualTo(
            (relative * Math.Abs(expected)) + 1e-300, Math.Abs(expected - actual), $"{expected} and {actual}: {why}");
}
