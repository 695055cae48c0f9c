using Interp.Engine.Common;
using Interp.Engine.Training;

namespace Interp.Engine.Influence;

/// <summary>
/// The objective without some images, divided by the share m/n that is left: (1/m) Σ_{i∉S} ℓ_i + (nλ/2m)‖W‖². It has the same optimum and
/// the same Newton steps as (1/n) Σ_{i∉S} ℓ_i + (λ/2)‖W‖².
/// </summary>
internal static class Remaining
{
    /// <exception cref="InputException">No image would be left.</exception>
    internal static SoftmaxRegression Of(InfluenceProblem problem, IReadOnlyList<int> removed)
    {
        var without = removed.ToHashSet();
        int wrong = removed.FirstOrDefault(i => i < 0 || i >= problem.Count, 0);
        ArgumentOutOfRangeException.ThrowIfNegative(wrong);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(wrong, problem.Count);
        int[] kept = [.. Enumerable.Range(0, problem.Count).Where(i => !without.Contains(i))];
        if (kept.Length == 0)
        {
            throw new InputException($"all {problem.Count} training images are to be removed, expected at least one to be left");
        }

        double l2 = problem.L2 * problem.Count / kept.Length;
        return new SoftmaxRegression(problem.Train.Select(kept), problem.Scale, l2, problem.Options.Threads);
    }
}
