using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Influence;

/// <summary>What the linear datamodel score is measured on.</summary>
public sealed record DatamodelOptions
{
    /// <summary>Random subsets of the training images.</summary>
    public int Subsets { get; init; } = 100;

    /// <summary>The share of the images that each keeps.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>Samples of the bootstrap.</summary>
    public int Resamples { get; init; } = 1000;
}

/// <summary>
/// Heads that were trained on random subsets of the training images, and the margins that they give some test images: the truth of the
/// linear datamodel score, the same for every method. Subset s is drawn from the s-th sequence of its own, so that more subsets leave the
/// first ones as they are.
/// </summary>
public sealed class SubsetTruth
{
    /// <summary>Ranks of margins need no more digits.</summary>
    private const double Tolerance = 1e-7;

    private SubsetTruth(InfluenceProblem problem, DatamodelOptions options, int[][] kept, double[][] margins) =>
        (Problem, Options, Kept, Margins) = (problem, options, [.. kept.Select(k => k.ToImmutableArray())], margins);

    /// <summary>How.</summary>
    public DatamodelOptions Options { get; }

    /// <summary>The images of each subset.</summary>
    public ImmutableArray<ImmutableArray<int>> Kept { get; }

    /// <summary>log p_y / (1 − p_y) of each test image by each subset's head.</summary>
    internal double[][] Margins { get; }

    internal InfluenceProblem Problem { get; }

    /// <summary>Trains the heads.</summary>
    /// <param name="problem">The head with all images.</param>
    /// <param name="tests">The test images.</param>
    /// <param name="options">How many subsets, of which size.</param>
    /// <param name="progress">Told after each head, or null.</param>
    /// <param name="cancel">Checked before each product with the Hessian.</param>
    /// <exception cref="InputException">Fewer than three subsets, or subsets that are empty or hold everything.</exception>
    public static SubsetTruth Of(
        InfluenceProblem problem, IReadOnlyList<TestPoint> tests, DatamodelOptions options, Action<InfluenceProgress>? progress = null,
        CancellationToken cancel = default)
    {
        int n = problem.Count, size = (int)Math.Round(options.Share * n);
        if (options.Subsets < 3 || size < 1 || size >= n)
        {
            throw new InputException($"{options.Subsets} subsets of {size} of {n} training images, expected at least 3 of 1 to {n - 1}");
        }

        var kept = new int[options.Subsets][];
        double[][] margins = [.. tests.Select(_ => new double[options.Subsets])];
        for (int s = 0; s < kept.Length; s++)
        {
            int[] order = Draws.Permutation(n, new Rng(problem.Options.Seed, InfluenceStreams.Subsets + (ulong)s));
            kept[s] = [.. order[..size].Order()];
            var head = Retraining.Of(problem, order[size..], Tolerance, cancel);
            for (int t = 0; t < margins.Length; t++)
            {
                margins[t][s] = head.Answer(tests[t]).Margin;
            }

            progress?.Invoke(new InfluenceProgress("subsets", s + 1, kept.Length));
        }

        return new SubsetTruth(problem, options, kept, margins);
    }
}
