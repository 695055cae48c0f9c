using System.Collections.Immutable;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Statistics;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts;

/// <summary>Puts concepts, random concepts and held-out random concepts through the same, and compares.</summary>
internal sealed class ConceptTrial(
    ImageProducts products, int features, ConceptSizes sizes, ConceptTestOptions options, CancellationToken cancel)
{
    private const double TooManyFalse = 0.1, MostlyExtreme = 0.9;

    internal ConceptTestResult Run(
        Node layer, Shape shape, Labels labels, IReadOnlyList<ImageSet> concepts, IReadOnlyList<float[]> rows,
        IReadOnlyList<ClassGradients> classes, Action<ConceptProgress>? progress)
    {
        int tests = concepts.Count * classes.Count, drawn = options.RandomConceptsFor(tests);
        int[] lengths = [.. sizes.Concepts.Select(c => c.Length).Distinct().Order()];
        int total = concepts.Count + options.HeldOut + (drawn * lengths.Length), done = 0;
        var tested = new SetOutcome[concepts.Count];
        Each(tested.Length, k => tested[k] = SetOutcome.Of(
            products, features, sizes.Concepts[k], sizes.Others(k), r => ConceptStreams.Of("run", concepts[k].Name, r), options));
        Dictionary<int, ChanceScores> chance = lengths.ToDictionary(n => n, n =>
        {
            var outcomes = new SetOutcome[drawn];
            Each(drawn, b => outcomes[b] = Random("random", n, b).Light());
            return new ChanceScores(outcomes);
        });
        var held = new SetOutcome[options.HeldOut];
        Each(held.Length, b => held[b] = Random("held-out", sizes.Largest, b));

        ClassConcepts[] found = [.. classes.Select((g, c) => ClassOf(g, c, labels, concepts, tested, chance))];
        found = Corrected(found, concepts.Count);
        ConceptVector[] vectors = new ConceptVector[concepts.Count];
        Parallel.For(0, vectors.Length, options.Parallel(cancel), k => vectors[k] = VectorOf(concepts[k].Name, k, tested[k], rows, shape));
        (Proportion? mine, Proportion? usual) = FalsePositives(held, chance[sizes.Largest], classes);
        var result = new ConceptTestResult
        {
            Layer = layer,
            Shape = shape,
            Features = features,
            Concepts = [.. vectors],
            Classes = [.. found],
            RandomConcepts = drawn,
            RandomImages = sizes.Relative ? 0 : sizes.Pool.Length,
            FalsePositives = mine,
            WelchFalsePositives = usual,
            RandomAccuracy = held.Length == 0 ? double.NaN : held.SelectMany(h => h.Directions).Average(Accuracy),
            RandomCosine = held.Length == 0 ? double.NaN : held.Average(h => h.Cosine(products)),
            Warnings = [],
        };
        return result with { Warnings = [.. sizes.Warnings, .. Warnings(result, classes)] };

        void Each(int count, Action<int> work) => Parallel.For(0, count, options.Parallel(cancel), i =>
        {
            work(i);
            int now = Interlocked.Increment(ref done);
            progress?.Invoke(new ConceptProgress("concepts and random concepts", now, total));
        });
    }

    private SetOutcome Random(string purpose, int size, int b)
    {
        int[] order = ConceptStreams.Sample(options.Seed, ConceptStreams.Of(purpose, "", size, b), sizes.Pool.Length, size);
        var taken = order.ToHashSet();
        return SetOutcome.Of(
            products, features, [.. order.Select(i => sizes.Pool[i])], [.. sizes.Pool.Where((_, i) => !taken.Contains(i))],
            r => ConceptStreams.Of(purpose, "run", size, b, r), options);
    }

    private ClassConcepts ClassOf(
        ClassGradients gradients, int c, Labels labels, IReadOnlyList<ImageSet> concepts, SetOutcome[] tested,
        Dictionary<int, ChanceScores> chance)
    {
        int photos = gradients.Rows.Count, runs = options.Runs;
        double[] singles = chance[sizes.Largest].FirstScores(c, photos);
        return new ClassConcepts(
            gradients.Class, labels[gradients.Class], [.. gradients.Images], gradients.Recognised,
            [.. concepts.Select((concept, k) =>
            {
                ChanceScores random = chance[sizes.Concepts[k].Length];
                double[] scores = tested[k].Scores(c, photos), means = [.. random.Outcomes.Select(o => o.Mean(c))];
                double[] chances = [.. random.Outcomes.Select(o => o.Count(c) / ((double)runs * photos)).Order()];
                double spread = Deviation(means);
                (double p, double sensitivity) = (
                    random.P(tested[k], c, ConceptStatistic.Score), random.P(tested[k], c, ConceptStatistic.Sensitivity));
                double[][] each = [.. tested[k].Directions.Select(d => d.Sensitivities(products.Slopes[c], products.Count))];
                return new ConceptScore
                {
                    Concept = concept.Name,
                    Score = tested[k].Count(c) / ((double)runs * photos),
                    Deviation = Deviation(scores),
                    Sensitivity = tested[k].Mean(c),
                    Effect = spread > 0 ? (tested[k].Mean(c) - Moments.Mean(means)) / spread : 0,
                    P = options.Statistic == ConceptStatistic.Score ? p : sensitivity,
                    PCorrected = 1,
                    PScore = p,
                    PSensitivity = sensitivity,
                    RandomMean = Moments.Mean(chances),
                    RandomDeviation = Deviation(chances),
                    RandomRange = (Quantiles.OfSorted(chances, 0.025), Quantiles.OfSorted(chances, 0.975)),
                    Welch = Welch.Test(scores, random.FirstScores(c, photos)),
                    WelchCorrected = 1,
                    Sensitivities = [.. Enumerable.Range(0, photos).Select(i => each.Sum(s => s[i]) / runs)],
                    Shares = [.. Enumerable.Range(0, photos).Select(i => each.Count(s => s[i] > 0) / (double)runs)],
                };
            })],
            singles.Count(s => s is 0 or 1) / (double)singles.Length, Moments.Mean(singles), Deviation(singles));
    }

    private static ClassConcepts[] Corrected(ClassConcepts[] classes, int concepts)
    {
        ConceptScore[] all = [.. classes.SelectMany(c => c.Scores)];
        double[] holm = Multiplicity.Holm([.. all.Select(s => s.P)]);
        double[] bonferroni = Multiplicity.Bonferroni([.. all.Select(s => s.Welch.P)]);
        return [.. classes.Select((c, i) => c with
        {
            Scores = [.. c.Scores.Select((s, k) => s with
            {
                PCorrected = holm[(i * concepts) + k],
                WelchCorrected = bonferroni[(i * concepts) + k],
            })],
        })];
    }

    private ConceptVector VectorOf(string name, int k, SetOutcome outcome, IReadOnlyList<float[]> rows, Shape shape)
    {
        var weights = new double[rows.Count];
        foreach (ConceptDirection direction in outcome.Directions)
        {
            for (int j = 0; j < direction.Images.Length; j++)
            {
                weights[direction.Images[j]] += direction.Weights[j];
            }
        }

        var sum = new double[features];
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] != 0)
            {
                for (int j = 0; j < sum.Length; j++)
                {
                    sum[j] += weights[i] * rows[i][j];
                }
            }
        }

        float[] values = Unit(sum);
        int held = outcome.Directions[0].Held.Concept + outcome.Directions[0].Held.Others;
        double accuracy = outcome.Directions.Average(Accuracy);
        return new ConceptVector(
            name, sizes.Concepts[k].Length, values,
            Unit(Array.ConvertAll(options.Pool.Channels(values, shape), v => (double)v)),
            new Proportion((int)Math.Round(accuracy * held), held),
            outcome.Directions.Average(d => (double)d.Right.Concept / d.Held.Concept),
            outcome.Directions.Average(d => (double)d.Right.Others / d.Held.Others), outcome.Cosine(products));
    }

    private (Proportion? Mine, Proportion? Usual) FalsePositives(
        SetOutcome[] held, ChanceScores chance, IReadOnlyList<ClassGradients> classes)
    {
        if (held.Length == 0)
        {
            return (null, null);
        }

        int mine = 0, usual = 0;
        for (int c = 0; c < classes.Count; c++)
        {
            int photos = classes[c].Rows.Count;
            double[] singles = chance.FirstScores(c, photos);
            mine += held.Count(h => chance.P(h, c, options.Statistic) < ConceptTest.Level);
            usual += held.Count(h => Welch.Test(h.Scores(c, photos), singles).P < ConceptTest.Level);
        }

        int of = held.Length * classes.Count;
        return (new Proportion(mine, of), new Proportion(usual, of));
    }

    private static IEnumerable<string> Warnings(ConceptTestResult result, IReadOnlyList<ClassGradients> classes)
    {
        double least = Permutations.P(0, result.RandomConcepts) * result.Tests;
        if (least >= ConceptTest.Level)
        {
            yield return $"with {result.RandomConcepts} random concepts and {result.Tests} tests, no corrected p can be below "
                + $"{least:0.###}: draw more random concepts";
        }

        foreach ((ClassConcepts found, ClassGradients gradients) in result.Classes.Zip(classes))
        {
            string name = ConceptTest.Short(found.Label);
            int photos = found.Images.Length, flat = gradients.Rows.Count(g => Array.TrueForAll(g, v => v == 0));
            if (photos < ConceptTest.FewImages)
            {
                yield return $"{name}: {(photos == 1 ? "1 photo" : $"{photos} photos")}; "
                    + $"with fewer than {ConceptTest.FewImages}, its scores are coarse";
            }

            if (2 * found.Recognised < photos)
            {
                yield return $"{name}: it is the network's first class on {found.Recognised} of its {photos} photos: what is said is "
                    + "about photos that the network mostly takes for something else";
            }

            if (flat > 0)
            {
                yield return $"{name}: {flat} of {photos} photos have no gradient at {result.Layer.Name}, and count as not sensitive";
            }

            if (found.Extreme > MostlyExtreme)
            {
                yield return $"{name}: {found.Extreme:0 %} of random directions have a score of exactly 0 or 1 at {result.Layer.Name}, "
                    + "which says next to nothing there: read effect and mean sensitivity, or choose an earlier layer";
            }
        }

        if (result.FalsePositives is { } f && f.Share > TooManyFalse)
        {
            yield return $"{f.Count} of {f.Of} held-out random concepts are called significant at 0.05, twice as many as should be: the "
                + "p-values are too small here; take more random images";
        }
    }

    private static double Accuracy(ConceptDirection d) =>
        (double)(d.Right.Concept + d.Right.Others) / (d.Held.Concept + d.Held.Others);

    private static double Deviation(double[] values) => values.Length < 2 ? 0 : Math.Sqrt(Moments.Variance(values));

    private static float[] Unit(double[] vector)
    {
        double length = 0;
        foreach (double v in vector)
        {
            length += v * v;
        }

        double scale = length > 0 ? 1 / Math.Sqrt(length) : 0;
        return Array.ConvertAll(vector, v => (float)(v * scale));
    }
}
