namespace Interp.Engine.Influence.Suspects;

/// <summary>log max_{c≠y} p_c − log p_y at W*: how far another class is ahead of the label (after G. Pleiss and others, "Identifying
/// mislabeled data using the area under the margin ranking", NeurIPS 2020).</summary>
internal sealed class MarginScore() : SuspectScore(
    "margin", "how far the best other class is ahead of the label", "after Pleiss et al. 2020")
{
    /// <inheritdoc/>
    public override double[] Of(
        InfluenceProblem problem, Action<InfluenceProgress>? progress = null, CancellationToken cancel = default) =>
        [.. Enumerable.Range(0, problem.Count).Select(i => Margin(problem.Optimum.ProbabilitiesOf(i), problem.Train.Labels[i]))];

    private static double Margin(ReadOnlySpan<double> p, int label)
    {
        double other = 0;
        for (int c = 0; c < p.Length; c++)
        {
            other = c == label ? other : Math.Max(other, p[c]);
        }

        // The least positive number stands for a probability that is 0 in float64.
        return Math.Log(Math.Max(other, double.Epsilon)) - Math.Log(Math.Max(p[label], double.Epsilon));
    }
}
