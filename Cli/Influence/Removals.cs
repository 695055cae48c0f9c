using Interp.Engine.Common;
using Interp.Engine.Influence;
using Interp.Engine.Statistics;

namespace Interp.Cli.Influence;

/// <summary>What the removal of single training images does to the loss of all images asked about: estimated by a Newton step, and true.
/// Each is computed once, whichever image needs it first.</summary>
/// <param name="problem">The head.</param>
/// <param name="tests">The images asked about.</param>
/// <param name="cancel">Ends it.</param>
internal sealed class Removals(InfluenceProblem problem, IReadOnlyList<TestPoint> tests, CancellationToken cancel)
{
    private const ulong RandomStream = 100UL << 32;
    private readonly Dictionary<int, double[]> _newton = [], _truth = [];

    /// <summary>The rise of a test image's loss by a Newton step without a training image.</summary>
    internal double Newton(int image, int test) =>
        Of(_newton, image, i => NewtonRemoval.Of(problem, [i], cancel: cancel).Rise)[test];

    /// <summary>The true rise.</summary>
    internal double Truth(int image, int test) =>
        Of(_truth, image, i => Retraining.Of(problem, [i], cancel: cancel).Rise)[test];

    /// <summary>Training images in a random order, the same for all images asked about.</summary>
    internal IEnumerable<int> InRandomOrder()
    {
        var rng = new Rng(problem.Options.Seed, RandomStream);
        return Enumerable.Range(0, problem.Count).OrderBy(i => rng.Uniform((ulong)i));
    }

    /// <summary>How estimates and truth go together.</summary>
    internal static FitLine Fit(IReadOnlyList<double> estimates, IReadOnlyList<double> truth)
    {
        double square = estimates.Sum(e => e * e);
        bool enough = estimates.Count > 2;
        return new FitLine(
            enough ? Correlation.Pearson(estimates, truth) : double.NaN,
            enough ? Correlation.Spearman(estimates, truth) : double.NaN,
            square > 0 ? estimates.Zip(truth, (e, t) => e * t).Sum() / square : double.NaN);
    }

    private double[] Of(Dictionary<int, double[]> known, int image, Func<int, Func<TestPoint, double>> remove)
    {
        if (!known.TryGetValue(image, out double[]? rises))
        {
            known[image] = rises = [.. tests.Select(remove(image))];
        }

        return rises;
    }
}
