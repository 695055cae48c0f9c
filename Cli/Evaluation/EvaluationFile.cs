using Interp.Cli.Output;
using Interp.Engine.Evidence;

namespace Interp.Cli.Evaluation;

/// <summary>What <c>evaluate</c> writes to <c>evaluation.json</c> and prints with <c>--json</c>.</summary>
internal sealed record EvaluationFile
{
    /// <summary>The program's version.</summary>
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    /// <summary>Everything that numbers depend on apart from the image and the method.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Means over the images.</summary>
    public required IReadOnlyList<MethodSummary> Methods { get; init; }

    /// <summary>Pairs of methods, photo by photo; none until the run is over.</summary>
    public IReadOnlyList<MethodComparison> Comparisons { get; init; } = [];

    /// <summary>One entry for each image and method.</summary>
    public required IReadOnlyList<EvaluationRow> Rows { get; init; }
}

/// <summary>What was found of one map.</summary>
/// <param name="Image">The image file.</param>
/// <param name="Method">The method.</param>
/// <param name="Baseline">Whether it is a baseline rather than a method.</param>
/// <param name="Class">The class that was explained.</param>
/// <param name="Label">Its name.</param>
/// <param name="TopClass">The class with the largest logit.</param>
/// <param name="Probability">The explained class's probability.</param>
/// <param name="Values">What was measured, by column; NaN where it is not defined.</param>
/// <param name="Verdicts">What is wrong with the map, by short name.</param>
/// <param name="Key">A hash of everything that the numbers depend on.</param>
/// <param name="Passes">Changed images that were run for it.</param>
internal sealed record EvaluationRow(
    string Image,
    string Method,
    bool Baseline,
    int Class,
    string Label,
    int TopClass,
    double Probability,
    IReadOnlyDictionary<string, double> Values,
    IReadOnlyDictionary<string, string> Verdicts,
    string Key,
    int Passes = 0);

/// <summary>One method over all images.</summary>
/// <param name="Method">The method.</param>
/// <param name="Baseline">Whether it is a baseline rather than a method.</param>
/// <param name="Images">Number of maps.</param>
/// <param name="Columns">What was measured, by column.</param>
/// <param name="Verdicts">For how many maps each verdict was given.</param>
internal sealed record MethodSummary(
    string Method, bool Baseline, int Images, IReadOnlyDictionary<string, Mean> Columns, IReadOnlyDictionary<string, int> Verdicts)
{
    /// <summary>A summary for each method, in the order in which they first come.</summary>
    internal static IReadOnlyList<MethodSummary> Of(IEnumerable<EvaluationRow> rows) =>
    [
        .. from row in rows
           group row by (row.Method, row.Baseline) into same
           select new MethodSummary(
               same.Key.Method,
               same.Key.Baseline,
               same.Count(),
               same.SelectMany(r => r.Values).GroupBy(v => v.Key).ToDictionary(g => g.Key, g => Mean.Of(g.Select(v => v.Value))),
               same.SelectMany(r => r.Verdicts.Keys).GroupBy(v => v).ToDictionary(g => g.Key, g => g.Count())),
    ];
}

/// <summary>A mean with its standard error, s / √n with s² = Σ (x − mean)² / (n − 1); values that are not defined are left out.</summary>
/// <param name="Value">The mean.</param>
/// <param name="StandardError">NaN for fewer than two values.</param>
/// <param name="Count">n.</param>
internal sealed record Mean(double Value, double StandardError, int Count)
{
    internal static Mean Of(IEnumerable<double> values)
    {
        double[] x = [.. values.Where(v => !double.IsNaN(v))];
        double mean = x.Length > 0 ? x.Average() : double.NaN;
        double error = x.Length > 1 ? Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / (x.Length - 1.0) / x.Length) : double.NaN;
        return new Mean(mean, error, x.Length);
    }
}
