using Interp.Engine.Common;
using Interp.Engine.Influence;
using Interp.Engine.Training;
using Interp.Tests.Engine.Training;

namespace Interp.Tests.Engine.Influence;

/// <summary>Small problems: Gaussian classes that overlap.</summary>
internal static class InfluenceCase
{
    internal static InfluenceProblem Problem(
        int images = 60, int features = 6, int classes = 4, double l2 = 0.02, int threads = 0, ulong seed = 0) =>
        Of(SoftmaxRegressionTests.Data(images, features, classes), l2, threads, seed);

    internal static InfluenceProblem Of(LabelledFeatures data, double l2, int threads = 0, ulong seed = 0, double tolerance = 1e-10) =>
        InfluenceProblem.Of(
            data, new InfluenceOptions { L2 = l2, Validation = 0, Threads = threads, Seed = seed, Tolerance = tolerance });

    /// <summary>Points of the same kind that no head was trained on.</summary>
    internal static TestPoint[] Tests(InfluenceProblem problem, int count = 3)
    {
        var rng = new Rng(11);
        int features = problem.Train.Features;
        return [.. Enumerable.Range(0, count).Select(t =>
        {
            int label = t % problem.Train.Classes;
            float[] h = [.. Enumerable.Range(0, features).Select(
                k => (float)(rng.Gaussian((ulong)((t * features) + k)) + (k == label ? 1.5 : 0)))];
            return new TestPoint(h, label);
        })];
    }
}
