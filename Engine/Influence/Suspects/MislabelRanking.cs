using System.Collections.Immutable;
using Interp.Engine.Statistics;

namespace Interp.Engine.Influence.Suspects;

/// <summary>How well a ranking of suspects finds wrong labels that are known.</summary>
/// <param name="Auroc">The share of pairs of a wrong and a right label in which the wrong one is ranked higher; ½ is chance.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Recalls">Of each of <see cref="Inspected"/> the share of the wrong labels that are found when so large a share of the
/// images is looked at, the most suspect first; chance gives the share itself.</param>
public sealed record MislabelRanking(double Auroc, double Low, double High, ImmutableArray<double> Recalls)
{
    /// <summary>Shares of the images that are looked at.</summary>
    public static ImmutableArray<double> Inspected { get; } = [0.1, 0.2, 0.3];

    /// <summary>Measures a ranking.</summary>
    /// <param name="scores">Of each image; the largest is the most suspect, of equal ones the first.</param>
    /// <param name="wrong">Whether its label is wrong.</param>
    /// <exception cref="ArgumentException">Fewer than two wrong or right labels.</exception>
    public static MislabelRanking Of(double[] scores, IReadOnlyList<bool> wrong)
    {
        (double area, double low, double high) = Statistics.Auroc.Of(
            [.. scores.Where((_, i) => wrong[i])], [.. scores.Where((_, i) => !wrong[i])]);
        int[] order = Order(scores);
        return new MislabelRanking(area, low, high, [.. Inspected.Select(share =>
            (double)order.Take((int)Math.Ceiling(share * scores.Length)).Count(i => wrong[i]) / wrong.Count(w => w))]);
    }

    /// <summary>The images, the most suspect first; of equal ones the first.</summary>
    public static int[] Order(double[] scores) => [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i])];
}
