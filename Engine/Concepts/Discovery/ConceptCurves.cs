using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Statistics;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>How much sooner the class goes when concepts are removed in an order than in random ones, or comes when they are put
/// back.</summary>
/// <param name="Order">By what concepts are ordered: <c>importance</c> or <c>effect</c>, as the other half of the images gives it.</param>
/// <param name="Curve"><c>deletion</c> or <c>insertion</c>.</param>
/// <param name="Measure"><c>probability</c> or <c>logit</c>.</param>
/// <param name="Values">The measure with 0, 1, …, r concepts removed or put in, mean over the images.</param>
/// <param name="Random">The same in random orders.</param>
/// <param name="Gain">The difference of the areas, above 0 where the order does better than random ones: mean over the images.</param>
/// <param name="Low">The lower end of its 95 % interval, by drawing the images again.</param>
/// <param name="High">The upper end.</param>
public sealed record ConceptCurve(
    string Order, string Curve, string Measure, ImmutableArray<double> Values, ImmutableArray<double> Random, double Gain, double Low,
    double High);

/// <summary>Removes concepts one after another from the layer's output, and puts them in.</summary>
internal static class ConceptCurves
{
    internal static ImmutableArray<ConceptCurve> Of(
        ConceptTail tail, ConceptBasis basis, IReadOnlyList<NetworkInput> images, IReadOnlyList<ImageFinding> found,
        DiscoveryOptions options, Action<int, int> progress, CancellationToken cancel)
    {
        int rank = basis.Rank;
        int[] half = Draws.Permutation(images.Count, new Rng(options.Seed, DiscoveryStreams.Halves));
        bool[] first = new bool[images.Count];
        foreach (int i in half[..(images.Count / 2)])
        {
            first[i] = true;
        }

        var rows = new List<ImageCurves>();
        for (int i = 0; i < images.Count; i++)
        {
            ImageFinding[] others = [.. found.Where((_, k) => first[k] != first[i])];
            int[][] named = [Order(j => others.Average(f => f.Importance(j))), Order(j => others.Average(f => f.Effect[j]))];
            int[][] random = [.. Enumerable.Range(0, options.RandomOrders).Select(o =>
                Draws.Permutation(rank, new Rng(options.Seed, DiscoveryStreams.Orders + (ulong)i), (ulong)(o * rank)))];
            tail.Enter(images[i], cancel);
            rows.Add(ImageCurves.Of(tail, basis.Parts(found[i].U), named, random, cancel));
            progress(i + 1, images.Count);
        }

        return
        [
            .. from order in (int[])[0, 1]
               from insertion in (bool[])[false, true]
               from probability in (bool[])[true, false]
               select Summary(rows, order, insertion, probability, options),
        ];

        int[] Order(Func<int, double> value) => [.. Enumerable.Range(0, rank).OrderByDescending(value)];
    }

    private static ConceptCurve Summary(List<ImageCurves> rows, int order, bool insertion, bool probability, DiscoveryOptions options)
    {
        double[][] named = [.. rows.Select(r => r.Named(order, insertion, probability))];
        double[][] random = [.. rows.Select(r => r.Random(insertion, probability))];
        double[] gains = [.. named.Zip(random, (n, r) => (insertion ? 1 : -1) * (Area(n) - Area(r)))];
        (double low, double high) = Bootstrap.OfMean(gains, new Rng(options.Seed, DiscoveryStreams.Intervals));
        return new ConceptCurve(
            order == 0 ? "importance" : "effect", insertion ? "insertion" : "deletion", probability ? "probability" : "logit",
            Mean(named), Mean(random), Moments.Mean(gains), low, high);
    }

    /// <summary>By the trapezoid rule over 0 … 1.</summary>
    private static double Area(double[] values) =>
        (values.Sum() - ((values[0] + values[^1]) / 2)) / (values.Length - 1);

    private static ImmutableArray<double> Mean(double[][] rows) => [.. rows[0].Select((_, k) => rows.Average(r => r[k]))];
}

/// <summary>The class with concepts removed and put in, on one image.</summary>
internal sealed class ImageCurves
{
    private readonly Dictionary<string, ClassAnswer> _answers = [];
    private readonly int[][] _named, _random;

    private ImageCurves(int[][] named, int[][] random) => (_named, _random) = (named, random);

    internal static ImageCurves Of(ConceptTail tail, float[][] parts, int[][] named, int[][] random, CancellationToken cancel)
    {
        var curves = new ImageCurves(named, random);
        var masks = new Dictionary<string, double[]>();
        foreach ((int[] order, bool both) in named.Select(o => (o, true)).Concat(random.Select(o => (o, false))))
        {
            for (int k = 0; k <= order.Length; k++)
            {
                // What a random order puts in is what its reverse removes.
                foreach (bool insertion in both ? (bool[])[false, true] : [false])
                {
                    double[] mask = Mask(order, k, insertion);
                    masks.TryAdd(Key(mask), mask);
                }
            }
        }

        ClassAnswer[] answers = tail.Masked(parts, [.. masks.Values], cancel);
        foreach ((string key, ClassAnswer answer) in masks.Keys.Zip(answers))
        {
            curves._answers[key] = answer;
        }

        return curves;
    }

    internal double[] Named(int order, bool insertion, bool probability) => Along(_named[order], insertion, probability);

    /// <summary>Mean over the random orders.</summary>
    internal double[] Random(bool insertion, bool probability)
    {
        double[][] all = [.. _random.Select(o => Along(insertion ? [.. o.Reverse()] : o, insertion, probability))];
        return [.. all[0].Select((_, k) => all.Average(a => a[k]))];
    }

    private double[] Along(int[] order, bool insertion, bool probability) =>
    [
        .. Enumerable.Range(0, order.Length + 1).Select(k => _answers[Key(Mask(order, k, insertion))])
            .Select(a => probability ? a.Probability : a.Logit),
    ];

    /// <summary>1 for what is there after k steps.</summary>
    private static double[] Mask(int[] order, int k, bool insertion)
    {
        var mask = new double[order.Length];
        foreach (int j in insertion ? order.Take(k) : order.Skip(k))
        {
            mask[j] = 1;
        }

        return mask;
    }

    private static string Key(double[] mask) => string.Concat(mask.Select(m => m > 0 ? '1' : '0'));
}
