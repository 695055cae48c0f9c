using Interp.Engine.Common;

namespace Interp.Engine.Influence.Methods;

/// <summary>δ_i uniform in ±1, whatever the images are: what chance gives. Test image t of a question has the t-th sequence of its
/// own.</summary>
internal sealed class RandomScores() : InfluenceMethod("random", "random numbers: what chance gives", "control")
{
    private protected override InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel) =>
        new([.. Enumerable.Range(0, tests.Count).Select(t =>
        {
            var rng = new Rng(problem.Options.Seed, InfluenceStreams.RandomScores + (ulong)t);
            return Enumerable.Range(0, problem.Count).Select(i => (2 * rng.Uniform((ulong)i)) - 1).ToArray();
        })]);
}
