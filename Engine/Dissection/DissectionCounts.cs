using System.Collections.Immutable;
using Interp.Engine.LabelSets;
using Interp.Engine.Statistics;

namespace Interp.Engine.Dissection;

/// <summary>From masks and labels to results.</summary>
internal sealed class DissectionCounts(LabelSet set, LabelTable labels, RunState state, DissectionOptions options)
{
    /// <summary>Counts, lets chance count, and puts the results together.</summary>
    internal IReadOnlyList<Dissection> Results(Action<int>? progress, CancellationToken cancel)
    {
        Tally[][] tallies = new Tally[state.Layers.Length][];
        Parallel.For(0, tallies.Length, options.Parallel(cancel), l => tallies[l] = Count(state.Layers[l]));
        ChanceCounts[]? chance = options.Permutations == 0 ? null : Chance.Of(
            labels, [.. state.Layers.Select(l => l.Masks)], [.. tallies.Select(t => t[0])], options, progress, cancel);
        return [.. state.Layers.Select((layer, l) => Result(layer, tallies[l], chance?[l]))];
    }

    /// <summary>The counts of all images, of those at even places, and of those at odd ones.</summary>
    private Tally[] Count(LayerState layer)
    {
        Tally[] tallies = [.. Enumerable.Range(0, 3).Select(_ => new Tally(labels, layer.Channels.Length, options.Denominator))];
        for (int i = 0; i < labels.Images; i++)
        {
            tallies[0].Add(layer.Masks[i], labels[i]);
            tallies[1 + (i % 2)].Add(layer.Masks[i], labels[i]);
        }

        return tallies;
    }

    private Dissection Result(LayerState layer, Tally[] tallies, ChanceCounts? chance)
    {
        int units = layer.Channels.Length, concepts = labels.Concepts.Length;
        var covered = new long[units];
        for (int i = 0; i < labels.Images; i++)
        {
            ImageMasks masks = layer.Masks[i];
            for (int m = 0; m < masks.Units.Length; m++)
            {
                covered[masks.Units[m]] += masks.Count(m);
            }
        }

        double[] p = [.. Enumerable.Range(0, units).Select(
            u => chance is null ? double.NaN : Permutations.P(chance.Reached[u], options.Permutations))];
        double[] q = chance is null ? p : Multiplicity.BenjaminiHochberg(p);
        ImmutableArray<UnitDissection> results = [.. Enumerable.Range(0, units).Select(Unit)];
        var iou = new float[units * concepts];
        for (int i = 0; i < iou.Length; i++)
        {
            iou[i] = (float)tallies[0][i / concepts, i % concepts].Iou;
        }

        return new Dissection
        {
            Layer = layer.Layer.Name,
            Concepts = labels.Concepts,
            ExpectedByConcept = [.. chance?.ByConcept ?? Enumerable.Repeat(double.NaN, concepts)],
            Categories = labels.Categories,
            LeftOut = labels.LeftOut,
            Images = labels.Images,
            Failed = [.. state.Failed.Values],
            Units = results,
            Iou = iou,
            Grid = (labels.Grid.Height, labels.Grid.Width),
            Map = (layer.Grid.Height, layer.Grid.Width),
            Enlargement = layer.Grid.Enlargement,
            Counts = Counts(results, chance is null ? double.NaN : chance.Detectors.Average()),
            CountsByCategory = [.. labels.Categories.Select((_, g) => Counts(
                results.Where(u => u.Concept >= 0 && labels.CategoryOf[u.Concept] == g),
                chance?.ByConcept.Where((_, c) => labels.CategoryOf[c] == g).Sum() ?? double.NaN))],
            Halves = Agreement(results),
            ChanceDetectors = [.. chance?.Detectors ?? []],
        };

        UnitDissection Unit(int u)
        {
            (int concept, double score) = tallies[0].Best(u, options.Score);
            Overlap overlap = concept < 0 ? default : tallies[0][u, concept];
            bool placed = chance is { HasShifts: true } && concept >= 0 && !labels.IsWhole[concept];
            return new UnitDissection
            {
                Channel = layer.Channels[u],
                Threshold = layer.Thresholds[u],
                Concept = concept,
                Overlap = overlap,
                Score = score,
                P = p[u],
                PPlace = placed ? Permutations.P(chance!.ReachedInPlace[u], options.Permutations) : double.NaN,
                Q = q[u],
                IsSignificant = q[u] <= options.Alpha,
                IsDetector = overlap.Iou > options.Threshold,
                IsDead = layer.MostOf(u) <= layer.Thresholds[u],
                IsSparse = layer.Thresholds[u] == 0 && layer.MostOf(u) > 0,
                MaskShare = (double)covered[u] / ((long)labels.Images * labels.Places),
                Halves = (tallies[1].Best(u, options.Score).Concept, tallies[2].Best(u, options.Score).Concept),
                ByCategory = [.. labels.Categories.Select((name, g) => OfCategory(u, name, g))],
                Examples = [.. layer.Examples(u).Select(e => Example(u, e.Image, e.Example.Value))],
            };
        }

        CategoryLabel OfCategory(int u, string name, int category)
        {
            int concept = tallies[0].Best(u, options.Score, c => labels.CategoryOf[c] == category).Concept;
            return new CategoryLabel(name, concept, concept < 0 ? default : tallies[0][u, concept]);
        }

        DissectedExample Example(int u, int image, float value) => new(
            image,
            set.NameOf(image),
            value,
            new UnitMask(labels.Grid.Height, labels.Grid.Width,
                PlaneBits.Of(layer.Masks[state.Used.BinarySearch(image)].Of(u, layer.Words))));
    }

    private static DetectorCounts Counts(IEnumerable<UnitDissection> units, double chance)
    {
        UnitDissection[] all = [.. units], detectors = [.. all.Where(u => u.IsDetector)];
        UnitDissection[] both = [.. detectors.Where(u => u.IsSignificant)];
        return new DetectorCounts(
            detectors.Length, chance, all.Count(u => u.IsSignificant), both.Length,
            detectors.Select(u => u.Concept).Distinct().Count(), both.Select(u => u.Concept).Distinct().Count());
    }

    private static HalvesAgreement Agreement(IEnumerable<UnitDissection> units)
    {
        (int Even, int Odd)[] halves = [.. units.Where(u => u.IsDetector).Select(u => u.Halves)];
        var odd = halves.GroupBy(h => h.Odd).ToDictionary(g => g.Key, g => g.Count());
        double chance = halves.Where(h => h.Even >= 0).Sum(h => odd.GetValueOrDefault(h.Even) / Math.Max(1.0, halves.Length));
        return new HalvesAgreement(
            halves.Count(h => h.Even >= 0 && h.Even == h.Odd), halves.Length, halves.Length > 0 ? chance / halves.Length : double.NaN);
    }
}
