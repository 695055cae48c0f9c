using Interp.Engine.Statistics;

namespace Interp.Engine.Concepts;

/// <summary>What random concepts of one size give, for each class: what chance gives.</summary>
/// <param name="Outcomes">B random concepts.</param>
internal sealed record ChanceScores(SetOutcome[] Outcomes)
{
    /// <summary>
    /// The two-sided p of a statistic: the share of random concepts, the tested one among them, that lie at least as far from their
    /// median. Counts are doubled, so that the median is a whole number and equal distances are equal.
    /// </summary>
    internal double P(SetOutcome tested, int c, ConceptStatistic statistic)
    {
        bool score = statistic == ConceptStatistic.Score;
        double[] random = [.. Outcomes.Select(o => score ? 2.0 * o.Count(c) : o.Mean(c))];
        double[] sorted = [.. random.Order()];
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        double distance = Math.Abs((score ? 2.0 * tested.Count(c) : tested.Mean(c)) - median);
        return Permutations.P(random.Count(t => Math.Abs(t - median) >= distance), random.Length);
    }

    /// <summary>The scores of the first run of each random concept: what the customary t-test compares with.</summary>
    internal double[] FirstScores(int c, int photos) => [.. Outcomes.Select(o => (double)o.Counts[c][0] / photos)];
}
