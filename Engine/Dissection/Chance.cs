using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Dissection;

/// <summary>What chance gives for the units of one layer.</summary>
/// <param name="Reached">For each unit in how many of the permutations its best score was as good as the true one, or better.</param>
/// <param name="ReachedInPlace">The same of shifts, for concepts that have a place.</param>
/// <param name="Detectors">For each permutation the number of units that pass as detectors.</param>
/// <param name="ByConcept">For each concept the mean number of units that it labels as a detector in a permutation.</param>
/// <param name="HasShifts">Whether labels could be moved: there are concepts that have a place, and a grid of more than one point.</param>
internal sealed record ChanceCounts(int[] Reached, int[] ReachedInPlace, int[] Detectors, double[] ByConcept, bool HasShifts);

/// <summary>
/// What scores units reach by chance. First, whether a unit knows a concept at all: the label maps are exchanged at random among the images
/// that carry labels of the same category, and each unit's best score over all concepts is taken, so that the number of concepts is allowed
/// for. Second, whether it knows the place: the labels of each image are moved by a random distance of a quarter of the side or more, round
/// the edges.
/// </summary>
internal static class Chance
{
    /// <summary>Streams of random numbers: the lower half counts permutations.</summary>
    private const ulong ExchangeStream = 0xD155_0001UL << 32, ShiftStream = 0xD155_0002UL << 32;

    /// <summary>Runs permutations and shifts.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="layers">For each layer the masks of each image.</param>
    /// <param name="true">For each layer the true counts.</param>
    /// <param name="options">How many, and the score.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancel">Checked before each.</param>
    internal static ChanceCounts[] Of(
        LabelTable labels, IReadOnlyList<MaskStore> layers, IReadOnlyList<Tally> @true, DissectionOptions options,
        Action<int>? progress, CancellationToken cancel)
    {
        double[][] best = [.. @true.Select(t => Best(t, null))], bestInPlace = [.. @true.Select(t => Best(t, HasPlace))];
        int[][] carriers = labels.Carriers();
        (int, int)[] offsets = [.. Offsets(labels.Grid.Height, labels.Grid.Width)];
        bool shifts = offsets.Length > 0 && labels.IsWhole.Contains(false);
        ChanceCounts[] counts = [.. @true.Select(t => new ChanceCounts(
            new int[t.Units], new int[t.Units], new int[options.Permutations], new double[labels.Concepts.Length], shifts))];
        int done = 0;
        var gate = new Lock();
        Parallel.For(0, options.Permutations, options.Parallel(cancel), b =>
        {
            int[][] from = Exchange(labels, carriers, b, options.Seed);
            Tally[] exchanged = New(), shifted = shifts ? New() : [];
            for (int i = 0; i < labels.Images; i++)
            {
                cancel.ThrowIfCancellationRequested();
                GridLabels? rolled = shifts ? Shifted(labels, i, b, offsets, options.Seed) : null;
                for (int l = 0; l < layers.Count; l++)
                {
                    ImageMasks masks = layers[l][i];
                    foreach (CategoryPlaces own in labels[i].Categories)
                    {
                        exchanged[l].Add(masks, CategoryOf(labels[from[own.Category][i]], own.Category));
                    }

                    exchanged[l].AddOutside(masks, labels[i]);
                    if (rolled is not null)
                    {
                        shifted[l].Add(masks, rolled);
                    }
                }
            }

            lock (gate)
            {
                for (int l = 0; l < layers.Count; l++)
                {
                    Count(counts[l], b, exchanged[l], best[l], shifts ? shifted[l] : null, bestInPlace[l]);
                }

                progress?.Invoke(++done);
            }
        });
        foreach (ChanceCounts c in counts)
        {
            for (int k = 0; k < c.ByConcept.Length; k++)
            {
                c.ByConcept[k] /= Math.Max(1, options.Permutations);
            }
        }

        return counts;

        bool HasPlace(int concept) => !labels.IsWhole[concept];

        Tally[] New() => [.. @true.Select(t => new Tally(labels, t.Units, options.Denominator))];

        double[] Best(Tally tally, Func<int, bool>? allowed) =>
            [.. Enumerable.Range(0, tally.Units).Select(u => tally.Best(u, options.Score, allowed).Score)];

        void Count(ChanceCounts into, int b, Tally exchanged, double[] own, Tally? shifted, double[] ownInPlace)
        {
            for (int u = 0; u < exchanged.Units; u++)
            {
                (int concept, double score) = exchanged.Best(u, options.Score);
                into.Reached[u] += score >= own[u] ? 1 : 0;
                if (concept >= 0 && exchanged[u, concept].Iou > options.Threshold)
                {
                    into.Detectors[b]++;
                    into.ByConcept[concept]++;
                }

                if (shifted is not null)
                {
                    into.ReachedInPlace[u] += shifted.Best(u, options.Score, HasPlace).Score >= ownInPlace[u] ? 1 : 0;
                }
            }
        }
    }

    /// <summary>For each category and each image that carries it, whose labels it gets.</summary>
    /// <remarks>One random order of all images serves all categories: categories that the same images carry are exchanged together, and one
    /// that comes or goes changes no other.</remarks>
    private static int[][] Exchange(LabelTable labels, int[][] carriers, int b, ulong seed)
    {
        int[] order = Draws.Permutation(labels.Images, new Rng(seed, ExchangeStream + (ulong)b));
        var rank = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            rank[order[i]] = i;
        }

        return [.. carriers.Select(images =>
        {
            var from = new int[labels.Images];
            int[] drawn = [.. images.OrderBy(i => rank[i])];
            for (int i = 0; i < images.Length; i++)
            {
                from[images[i]] = drawn[i];
            }

            return from;
        })];
    }

    private static CategoryPlaces CategoryOf(GridLabels labels, int category) =>
        Array.Find(labels.Categories, c => c.Category == category)!;

    private static GridLabels Shifted(LabelTable labels, int image, int b, (int Down, int Right)[] offsets, ulong seed)
    {
        double drawn = new Rng(seed, ShiftStream + (ulong)b).Uniform((ulong)image);
        (int down, int right) = offsets[(int)(drawn * offsets.Length)];
        return labels[image].Rolled(labels.Grid, down, right);
    }

    /// <summary>All moves that go a quarter of a side or more in one direction at least.</summary>
    private static IEnumerable<(int Down, int Right)> Offsets(int height, int width) =>
        from down in Enumerable.Range(0, height)
        from right in Enumerable.Range(0, width)
        where 4 * Math.Min(down, height - down) >= height || 4 * Math.Min(right, width - right) >= width
        select (down, right);
}
