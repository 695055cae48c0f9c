using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Influence;

/// <summary>What a removal test removes.</summary>
public sealed record RemovalOptions
{
    /// <summary>How many images are removed together, ascending; numbers that leave no image are passed over.</summary>
    public ImmutableArray<int> Counts { get; init; } = [1, 2, 5, 10, 20, 50];

    /// <summary>How many random sets of each size are removed for comparison.</summary>
    public int Repeats { get; init; } = 5;
}

/// <summary>The head without some images.</summary>
/// <param name="Count">How many were removed, k.</param>
/// <param name="Probability">p_y without the k most helpful images.</param>
/// <param name="Flipped">Whether the head then no longer says y.</param>
/// <param name="Random">p_y without k random images, of each random set.</param>
/// <param name="RandomFlips">How many of the random sets make it no longer say y.</param>
public sealed record RemovalStep(int Count, double Probability, bool Flipped, ImmutableArray<double> Random, int RandomFlips);

/// <summary>
/// Removes the most helpful images of an answer together, trains again, and sees what becomes of the answer, beside as many random images
/// of the class asked about (and where it has no more, of the others).
/// </summary>
/// <param name="Probability">p_y with all images.</param>
/// <param name="Steps">What removing the most helpful and random images did.</param>
/// <param name="Smallest">
/// The least k whose k most helpful images flip the answer, by bisection between the first of the counts that does and the one before it
/// (and so the least if no smaller removal flips while a larger one does not); null where none of the counts does or it never said y.
/// </param>
public sealed record RemovalTest(double Probability, ImmutableArray<RemovalStep> Steps, int? Smallest)
{
    private const double Tolerance = 1e-7;

    /// <summary>Tests the order of some estimates.</summary>
    /// <param name="problem">The head with all images.</param>
    /// <param name="test">The test image.</param>
    /// <param name="scores">δ of each training image; of equal ones the first is removed first.</param>
    /// <param name="options">What to remove.</param>
    /// <param name="progress">Told after each training, or null.</param>
    /// <param name="cancel">Checked before each product with the Hessian.</param>
    public static RemovalTest Of(
        InfluenceProblem problem, TestPoint test, double[] scores, RemovalOptions options, Action<InfluenceProgress>? progress = null,
        CancellationToken cancel = default)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i])];
        int[] counts = [.. options.Counts.Where(k => k > 0 && k < scores.Length)];
        int done = 0, of = counts.Length * (1 + options.Repeats);
        RemovalStep[] steps = [.. counts.Select(Step)];
        HeadAnswer answer = problem.Answer(test);
        int first = answer.Prediction == test.Label ? Array.FindIndex(steps, s => s.Flipped) : -1;
        int? smallest = first < 0 ? null : Bisect(first == 0 ? 0 : counts[first - 1], counts[first]);
        return new RemovalTest(answer.Probability, [.. steps], smallest);

        RemovalStep Step(int count)
        {
            HeadAnswer without = Without(order[..count]);
            HeadAnswer[] random = [.. Enumerable.Range(0, options.Repeats).Select(r => Without(Random(problem, test.Label, count, r)))];
            return new RemovalStep(count, without.Probability, without.Prediction != test.Label,
                [.. random.Select(a => a.Probability)], random.Count(a => a.Prediction != test.Label));
        }

        HeadAnswer Without(int[] removed)
        {
            HeadAnswer answer = Retraining.Of(problem, removed, Tolerance, cancel).Answer(test);
            progress?.Invoke(new InfluenceProgress("removals", Math.Min(++done, of), of));
            return answer;
        }

        int Bisect(int stays, int flips)
        {
            while (flips - stays > 1)
            {
                int middle = (stays + flips) / 2;
                (stays, flips) = Without(order[..middle]).Prediction != test.Label ? (stays, middle) : (middle, flips);
            }

            return flips;
        }
    }

    /// <summary>The first images of a random order in which those of the class come before the others.</summary>
    private static int[] Random(InfluenceProblem problem, int label, int count, int repeat)
    {
        int[] order = Draws.Permutation(problem.Count, new Rng(problem.Options.Seed, InfluenceStreams.RandomRemovals + (ulong)repeat));
        return [.. order.OrderBy(i => problem.Train.Labels[i] == label ? 0 : 1).Take(count)];
    }
}
