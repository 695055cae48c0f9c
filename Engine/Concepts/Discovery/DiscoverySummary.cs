using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.LinearAlgebra;
using Interp.Engine.Statistics;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>Puts together what was measured, the most important concept first.</summary>
internal sealed record DiscoverySummary(
    Network Network, Node Layer, int Class, IReadOnlyList<NetworkInput> Images, DiscoveryOptions Options, ConceptTail Tail,
    PatchActivations Activations, NonNegativeFactors Factors, ConceptStability Stability, IReadOnlyList<ImageFinding> Found,
    ImmutableArray<ConceptCurve> Curves)
{
    private const int CropsShown = 9;

    private int Rank => Options.Components;

    internal DiscoveredConcepts Result(Shape shape)
    {
        double[] random =
        [
            .. from set in Enumerable.Range(0, Options.RandomSets)
               from j in Enumerable.Range(0, Rank)
               select Found.Average(f => f.RandomImportance(set, j)),
        ];
        DiscoveredConcept[] concepts = [.. Enumerable.Range(0, Rank).Select(j => Concept(j, random))];
        int[] order = [.. Enumerable.Range(0, Rank).OrderByDescending(j => concepts[j].Importance)];
        int places = shape[2] * shape[3], channels = Activations.Channels;
        return new DiscoveredConcepts
        {
            Layer = Layer,
            Class = Class,
            Components = [.. order.SelectMany(j => Factors.W.Skip(j * channels).Take(channels)).Select(v => (float)v)],
            Concepts = [.. order.Select(j => concepts[j])],
            Fidelity = Fidelity(),
            Stability = Stability,
            Curves = Curves,
            RandomImportance = [.. random.OrderDescending()],
            Images = Images.Count,
            Crops = Activations.Count,
            Patch = Activations.Boxes[0].Right - Activations.Boxes[0].Left,
            TailRuns = Tail.Runs,
            Warnings = [.. Warnings()],
            MapHeight = shape[2],
            MapWidth = shape[3],
            Maps = [.. Found.Select(f => order.SelectMany(j => f.U.AsSpan(j * places, places).ToArray()).ToArray())],
        };
    }

    private DiscoveredConcept Concept(int j, double[] random)
    {
        double[] totals = [.. Found.Select(f => f.Importance(j))], effects = [.. Found.Select(f => f.Effect[j])];
        double importance = Moments.Mean(totals);
        (double low, double high) = Interval(totals);
        (double effectLow, double effectHigh) = Interval(effects);
        double[] strengths = [.. Enumerable.Range(0, Activations.Count).Select(i => Factors.U[(i * Rank) + j])];
        double all = Factors.U.Sum();
        int boxes = Activations.Boxes.Length;
        return new DiscoveredConcept(
            importance, low, high, random.Length > 0 ? Permutations.P(random.Count(r => r >= importance), random.Length) : double.NaN,
            Moments.Mean(effects), effectLow, effectHigh, all > 0 ? strengths.Sum() / all : 0, Stability.OfEach[j],
            [
                .. Enumerable.Range(0, strengths.Length).Where(i => strengths[i] > 0).OrderByDescending(i => strengths[i]).Take(CropsShown)
                    .Select(i => new ConceptCrop(i / boxes, Activations.Boxes[i % boxes], strengths[i])),
            ]);

        (double, double) Interval(double[] values) => Bootstrap.OfMean(values, new Rng(Options.Seed, DiscoveryStreams.Intervals));
    }

    private ConceptFidelity Fidelity()
    {
        double squares = Found.Sum(f => f.Squares);
        ImageFinding[] right = [.. Found.Where(f => f.Own.SaysClass)];
        return new ConceptFidelity(
            Factors.Error / Factors.Norm, Factors.R2, Math.Sqrt(Found.Sum(f => f.Concepts.Missing) / squares),
            OverSets(s => Math.Sqrt(Found.Sum(f => f.Random[s].Missing) / squares)), right.Length,
            right.Count(f => f.Concepts.Rebuilt.SaysClass), OverSets(s => right.Count(f => f.Random[s].Rebuilt.SaysClass)),
            Found.Average(f => f.Own.Probability), Found.Average(f => f.Concepts.Rebuilt.Probability));

        double OverSets(Func<int, double> value) =>
            Options.RandomSets > 0 ? Enumerable.Range(0, Options.RandomSets).Average(value) : double.NaN;
    }

    private IEnumerable<string> Warnings()
    {
        int says = Found.Count(f => f.Own.SaysClass);
        if (Images.Count < ConceptDiscovery.FewImages)
        {
            yield return $"{Images.Count} images: with fewer than {ConceptDiscovery.FewImages}, intervals are too narrow and concepts are "
                + "of these images rather than of the class";
        }

        if (2 * says < Images.Count)
        {
            yield return $"the network says the class in {says} of {Images.Count} images: the concepts are of images that it takes for "
                + "something else";
        }

        if (Tail.HasPathsAround)
        {
            yield return $"paths lead around {Layer.Name}: what they carry stays as it is, so importance is only that of what goes through "
                + "the layer; a layer where they have joined, such as the ReLU behind a sum, shows all";
        }

        if (Found.All(f => f.Concepts.Variance == 0))
        {
            yield return "the class's logit does not depend on the concepts at all: importance is 0 for each";
        }
    }
}
