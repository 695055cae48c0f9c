using System.Collections.Immutable;
using Interp.Engine.LabelSets;

namespace Interp.Engine.Dissection;

/// <summary>A concept's places in one image.</summary>
/// <param name="Concept">The concept's place in the set.</param>
/// <param name="Bits">Where it is.</param>
/// <param name="IsWhole">Whether it is the image as a whole that is labelled.</param>
internal readonly record struct ConceptPlaces(int Concept, PlaneBits Bits, bool IsWhole);

/// <summary>What is known of one category in an image that carries a label of it.</summary>
/// <param name="Category">The category's place among the set's.</param>
/// <param name="Unknown">Places whose label is not known; no concept has any of them.</param>
/// <param name="Concepts">The concepts, in the set's order.</param>
internal sealed record CategoryPlaces(int Category, PlaneBits Unknown, ConceptPlaces[] Concepts);

/// <summary>
/// The labels of one image on the label grid. A place that one plane of a category calls unknown is unknown for the category, whatever its
/// other planes say.
/// </summary>
/// <param name="Categories">The categories that the image carries labels of, in order.</param>
internal sealed record GridLabels(CategoryPlaces[] Categories)
{
    /// <summary>Bytes that they take, with what the runtime adds to each object.</summary>
    internal long Bytes => 64 + Categories.Sum(g => 160 + Of(g.Unknown) + g.Concepts.Sum(c => 24 + Of(c.Bits)));

    private static long Of(PlaneBits bits) => 64 + (8L * bits.Words.Length);

    internal static GridLabels Of(LabelledImage image, LabelSet set, LabelGrid grid)
    {
        ImmutableArray<string> names = set.Categories;
        var categories = new List<CategoryPlaces>();
        foreach (IGrouping<int, LabelPlane> planes in image.Planes.GroupBy(p => names.IndexOf(p.Category)).OrderBy(g => g.Key))
        {
            if (Places(planes, image, set, grid) is { Concepts.Length: > 0 } places)
            {
                categories.Add(places);
            }
        }

        return new GridLabels([.. categories]);
    }

    private static CategoryPlaces Places(IGrouping<int, LabelPlane> planes, LabelledImage image, LabelSet set, LabelGrid grid)
    {
        int words = PlaneBits.WordsOf(grid.Height * grid.Width);
        var found = new SortedDictionary<int, (ulong[] Bits, bool IsWhole)>();
        var unknown = new ulong[words];
        foreach (LabelPlane plane in planes)
        {
            ushort[] labels = grid.Sample(plane, image.Image.Width, image.Image.Height);
            for (int i = 0; i < labels.Length; i++)
            {
                if (labels[i] == 0)
                {
                    continue;
                }

                ulong bit = 1UL << (i & 63);
                if (labels[i] == LabelPlane.Void || labels[i] > set.Concepts.Length)
                {
                    unknown[i >> 6] |= bit;
                    continue;
                }

                int concept = labels[i] - 1;
                if (!found.TryGetValue(concept, out (ulong[] Bits, bool IsWhole) places))
                {
                    found[concept] = places = (new ulong[words], plane.IsWhole);
                }
                else if (places.IsWhole && !plane.IsWhole)
                {
                    found[concept] = places = (places.Bits, false);
                }

                places.Bits[i >> 6] |= bit;
            }
        }

        var concepts = new List<ConceptPlaces>();
        foreach ((int concept, (ulong[] bits, bool isWhole)) in found)
        {
            for (int w = 0; w < words; w++)
            {
                bits[w] &= ~unknown[w];
            }

            if (PlaneBits.Of(bits) is { Count: > 0 } places)
            {
                concepts.Add(new ConceptPlaces(concept, places, isWhole));
            }
        }

        return new CategoryPlaces(planes.Key, PlaneBits.Of(unknown), [.. concepts]);
    }

    /// <summary>The labels moved down and right, round the edges; labels of the whole image are left out, since they have no
    /// place.</summary>
    internal GridLabels Rolled(LabelGrid grid, int down, int right)
    {
        Span<ulong> buffer = new ulong[PlaneBits.WordsOf(grid.Height * grid.Width)];
        var rolled = new CategoryPlaces[Categories.Length];
        for (int g = 0; g < rolled.Length; g++)
        {
            CategoryPlaces own = Categories[g];
            var concepts = new List<ConceptPlaces>(own.Concepts.Length);
            foreach (ConceptPlaces c in own.Concepts)
            {
                if (!c.IsWhole)
                {
                    concepts.Add(c with { Bits = c.Bits.Rolled(grid.Height, grid.Width, down, right, buffer) });
                }
            }

            rolled[g] = new CategoryPlaces(own.Category, own.Unknown.Rolled(grid.Height, grid.Width, down, right, buffer), [.. concepts]);
        }

        return new GridLabels(rolled);
    }
}
