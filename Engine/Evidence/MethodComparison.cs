using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Evidence;

/// <summary>Two methods by one number, compared photo by photo.</summary>
/// <param name="Column">The number.</param>
/// <param name="First">A method.</param>
/// <param name="Second">Another one.</param>
/// <param name="Photos">Photos of which both have the number.</param>
/// <param name="Difference">Mean over them of the first one's number less the second one's.</param>
/// <param name="Low">Where its 95 % interval begins, by bootstrap of the photos.</param>
/// <param name="High">Where it ends.</param>
/// <param name="P">Wilcoxon's signed-rank test of the differences, two-sided.</param>
/// <param name="PHolm">The same, adjusted by Holm for all pairs of methods in this column.</param>
public sealed record MethodComparison(
    string Column, string First, string Second, int Photos, double Difference, double Low, double High, double P, double PHolm)
{
    /// <summary>The chance that any pair of a column is told apart although no two methods differ.</summary>
    public const double Level = 0.05;

    /// <summary>Whether the two can be told apart.</summary>
    public bool IsApart => PHolm <= Level;

    /// <summary>
    /// Compares all pairs. What photos have in common, one is easy and one is hard, falls out of differences within photos, so that they
    /// tell methods apart by far fewer photos than means do. Deterministic.
    /// </summary>
    /// <param name="column">The number.</param>
    /// <param name="methods">Each method's numbers, of the same photos in the same order; NaN where there is none.</param>
    /// <param name="isCompared">Which pairs, by the methods' indices.</param>
    public static IReadOnlyList<MethodComparison> Of(
        string column, IReadOnlyList<(string Method, IReadOnlyList<double> Values)> methods, Func<int, int, bool> isCompared)
    {
        (int A, int B, double[] Differences)[] pairs =
        [
            .. from a in Enumerable.Range(0, methods.Count)
               from b in Enumerable.Range(a + 1, methods.Count - a - 1)
               where isCompared(a, b)
               let differences = methods[a].Values.Zip(methods[b].Values, (x, y) => x - y).Where(double.IsFinite).ToArray()
               where differences.Length > 0
               select (a, b, differences),
        ];
        double[] p = [.. pairs.Select(pair => SignedRank.Test(pair.Differences).P)], adjusted = Multiplicity.Holm(p);
        var found = new MethodComparison[pairs.Length];
        Parallel.For(0, pairs.Length, i =>
        {
            (int a, int b, double[] differences) = pairs[i];
            (double low, double high) = Bootstrap.OfMean(differences, new Rng(0, EvidenceStreams.Comparison));
            found[i] = new MethodComparison(
                column, methods[a].Method, methods[b].Method, differences.Length, Moments.Mean(differences), low, high, p[i], adjusted[i]);
        });
        return found;
    }

    /// <summary>The fewest photos with which one of so many pairs can be told apart: 2^(1−n)·pairs ≤ 0.05.</summary>
    /// <param name="pairs">How many pairs a column has.</param>
    public static int FewestPhotos(int pairs) => 1 + (int)Math.Ceiling(Math.Log2(pairs / Level));
}
