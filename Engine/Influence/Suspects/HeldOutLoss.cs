using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Influence.Suspects;

/// <summary>
/// The image's loss by a head that was trained without it: the images are split at random into five parts, and each is judged by the head
/// of the other four (as in C. Northcutt, L. Jiang, I. Chuang, "Confident learning", Journal of Artificial Intelligence Research 70, 2021).
/// </summary>
internal sealed class HeldOutLoss() : SuspectScore(
    "held-out-loss", "the image's loss by a head trained without its fifth of the images", "as in Northcutt et al. 2021")
{
    private const int Parts = 5;
    private const double Tolerance = 1e-6;

    /// <inheritdoc/>
    public override double[] Of(
        InfluenceProblem problem, Action<InfluenceProgress>? progress = null, CancellationToken cancel = default)
    {
        int n = problem.Count, parts = Math.Min(Parts, n);
        int[] order = Draws.Permutation(n, new Rng(problem.Options.Seed, InfluenceStreams.Parts));
        var scores = new double[n];
        for (int part = 0; part < parts; part++)
        {
            int[] own = order[(part * n / parts)..((part + 1) * n / parts)];
            var head = Retraining.Of(problem, own, Tolerance, cancel);
            foreach (int i in own)
            {
                scores[i] = head.Answer(new TestPoint(problem.Train.Row(i).ToArray(), problem.Train.Labels[i])).Loss;
            }

            progress?.Invoke(new InfluenceProgress(Name, part + 1, parts));
        }

        return scores;
    }
}
