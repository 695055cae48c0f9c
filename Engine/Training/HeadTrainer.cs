using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Training;

/// <summary>How a head is trained.</summary>
public sealed record HeadOptions
{
    /// <summary>λ of <see cref="SoftmaxRegression"/>, or null to choose it on held-out images.</summary>
    public double? L2 { get; init; }

    /// <summary>The share of each class's images that is held out, 0 to 0.5; 0 needs <see cref="L2"/>.</summary>
    public double Validation { get; init; } = 0.2;

    /// <summary>Which images are held out.</summary>
    public ulong Seed { get; init; }

    /// <summary>The largest ‖∇L‖ at which the final head counts as the optimum.</summary>
    public double Tolerance { get; init; } = 1e-9;

    /// <summary>Threads that compute; 0 for one per core. Results do not depend on it.</summary>
    public int Threads { get; init; }
}

/// <summary>One λ that was tried.</summary>
/// <param name="L2">λ.</param>
/// <param name="HeldOut">How the head trained with it does on the held-out images.</param>
public sealed record L2Trial(double L2, HeadAccuracy HeldOut);

/// <summary>How far a training has come.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Index">Its place among at most <paramref name="Stages"/>.</param>
/// <param name="Stages">How many stages there are at most.</param>
/// <param name="GradientNorm">‖∇L‖.</param>
public readonly record struct HeadProgress(string Stage, int Index, int Stages, double GradientNorm);

/// <summary>A trained head and how it came about.</summary>
/// <param name="Head">The head, trained on all images.</param>
/// <param name="Scale">Its standardisation.</param>
/// <param name="Fit">Its optimum; <see cref="SoftmaxFit.Point"/> gives losses, gradients and products with the Hessian.</param>
/// <param name="L2">λ.</param>
/// <param name="Trials">The values of λ that were tried on the held-out images, the largest first; one where λ was given, none where
/// nothing was held out.</param>
public sealed record TrainedHead(SoftmaxHead Head, FeatureScale Scale, SoftmaxFit Fit, double L2, ImmutableArray<L2Trial> Trials)
{
    /// <summary>How a head that was trained without the held-out images, with the same λ, does on them; null where none were.</summary>
    public HeadAccuracy? HeldOut => Trials.FirstOrDefault(t => t.L2 == L2)?.HeldOut;
}

/// <summary>Trains a linear head on frozen features by softmax regression, to the exact optimum, the same bits for the same seed.</summary>
public static class HeadTrainer
{
    /// <summary>λ that are tried, from the largest on: half powers of ten from 10 to 10⁻⁶.</summary>
    public static ImmutableArray<double> Candidates { get; } = [.. Enumerable.Range(0, 15).Select(i => Math.Pow(10, 1 - (i / 2.0)))];

    /// <summary>After so many values of λ without a better one the search ends: the loss over λ has one valley.</summary>
    private const int Patience = 2;

    /// <summary>A choice between values of λ does not need their heads to more digits.</summary>
    private const double RoughTolerance = 1e-5;

    /// <summary>
    /// Holds out a share of each class, trains with each λ on the rest, from the largest on, each from the optimum before; takes that with
    /// the least cross-entropy on the held-out images, and trains with it on all of them.
    /// </summary>
    /// <param name="data">Features and classes.</param>
    /// <param name="options">How.</param>
    /// <param name="groups">Rows with the same number are of one image (mirrored, for example) and are held out together; the first of them
    /// is the image itself, and the only one that is measured on. Null where every row is an image of its own.</param>
    /// <param name="progress">Told after each step, or null.</param>
    /// <param name="cancel">Checked before each product with the Hessian.</param>
    /// <exception cref="InputException">The options do not go together, or no class has two images while some are to be held out.
    /// </exception>
    public static TrainedHead Train(
        LabelledFeatures data, HeadOptions options, IReadOnlyList<int>? groups = null, Action<HeadProgress>? progress = null,
        CancellationToken cancel = default)
    {
        if (options.Validation is not (>= 0 and <= 0.5))
        {
            throw new InputException($"option 'validation' {options.Validation}: expected 0 to 0.5");
        }

        if (options.L2 is not null and not (> 0 and < double.PositiveInfinity))
        {
            throw new InputException($"option 'l2' {options.L2}: expected a number above 0");
        }

        if (options is { Validation: 0, L2: null })
        {
            throw new InputException("option 'validation' 0: with no image held out, the penalty cannot be chosen; give option 'l2'");
        }

        ImmutableArray<L2Trial> trials = options.Validation > 0 ? Try(data, options, groups, progress, cancel) : [];
        double l2 = options.L2 ?? trials.MinBy(t => t.HeldOut.Loss)!.L2;
        FeatureScale scale = FeatureScale.Of(data);
        var fit = SoftmaxFit.Minimise(
            new SoftmaxRegression(data, scale, l2, options.Threads), options.Tolerance, null,
            norm => progress?.Invoke(new HeadProgress("all images", Stages(options) - 1, Stages(options), norm)), cancel);
        return new TrainedHead(SoftmaxHead.Of(fit.Point.Weights, scale), scale, fit, l2, trials);
    }

    /// <summary>The rows that are held out: of each class round(share · images), at least one and not all, where it has two.</summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="groups">The image of each row, or null.</param>
    /// <param name="share">The share of images.</param>
    /// <param name="seed">Each class draws from a sequence of its own.</param>
    /// <returns>For each row whether it is held out.</returns>
    public static bool[] HoldOut(ReadOnlySpan<int> labels, IReadOnlyList<int>? groups, double share, ulong seed)
    {
        var images = new SortedDictionary<int, List<int>>();
        var seen = new HashSet<int>();
        for (int i = 0; i < labels.Length; i++)
        {
            if (seen.Add(groups?[i] ?? i))
            {
                images.TryAdd(labels[i], []);
                images[labels[i]].Add(groups?[i] ?? i);
            }
        }

        var chosen = new HashSet<int>();
        foreach ((int label, List<int> own) in images.Where(c => c.Value.Count > 1))
        {
            int count = Math.Clamp((int)Math.Round(share * own.Count), 1, own.Count - 1);
            chosen.UnionWith(Draws.Sample(own.Count, count, new Rng(seed, (ulong)label)).Select(i => own[i]));
        }

        return [.. Enumerable.Range(0, labels.Length).Select(i => chosen.Contains(groups?[i] ?? i))];
    }

    private static int Stages(HeadOptions options) => options.L2 is null ? Candidates.Length + 1 : options.Validation > 0 ? 2 : 1;

    private static ImmutableArray<L2Trial> Try(
        LabelledFeatures data, HeadOptions options, IReadOnlyList<int>? groups, Action<HeadProgress>? progress, CancellationToken cancel)
    {
        bool[] held = HoldOut(data.Labels, groups, options.Validation, options.Seed);
        LabelledFeatures rest = data.Select([.. Enumerable.Range(0, data.Count).Where(i => !held[i])]);
        int[] firsts = [.. Enumerable.Range(0, data.Count).Where(i => held[i]).DistinctBy(i => groups?[i] ?? i)];
        if (firsts.Length == 0)
        {
            throw new InputException("every class has one image: none can be held out; give option 'l2' and 'validation' 0");
        }

        LabelledFeatures test = data.Select(firsts);
        FeatureScale scale = FeatureScale.Of(rest);
        SoftmaxRegression? problem = null;
        double[]? weights = null;
        var trials = new List<L2Trial>();
        foreach (double l2 in options.L2 is { } given ? [given] : Candidates)
        {
            problem = problem?.With(l2) ?? new SoftmaxRegression(rest, scale, l2, options.Threads);
            var fit = SoftmaxFit.Minimise(
                problem, RoughTolerance, weights,
                norm => progress?.Invoke(new HeadProgress($"penalty {l2:g3}", trials.Count, Stages(options), norm)), cancel);
            weights = fit.Point.Weights.ToArray();
            trials.Add(new L2Trial(l2, HeadAccuracy.Of(SoftmaxHead.Of(weights, scale), test)));
            int best = trials.IndexOf(trials.MinBy(t => t.HeldOut.Loss)!);
            if (trials.Count - 1 - best >= Patience)
            {
                break;
            }
        }

        return [.. trials];
    }
}
