using Interp.Engine.Common;

namespace Interp.Engine.Influence.Suspects;

/// <summary>Random numbers: what chance gives.</summary>
internal sealed class RandomSuspects() : SuspectScore("random", "random numbers: what chance gives", "control")
{
    /// <inheritdoc/>
    public override double[] Of(
        InfluenceProblem problem, Action<InfluenceProgress>? progress = null, CancellationToken cancel = default)
    {
        var rng = new Rng(problem.Options.Seed, InfluenceStreams.RandomSuspects);
        return [.. Enumerable.Range(0, problem.Count).Select(i => rng.Uniform((ulong)i))];
    }
}
