using System.Collections.Immutable;
using Interp.Engine.LabelSets;

namespace Interp.Engine.Dissection;

/// <summary>How well a set of labels supports a concept.</summary>
/// <param name="Concept">The concept.</param>
/// <param name="Images">Images in which it is.</param>
/// <param name="Places">Its places on the label grid, in all of them.</param>
/// <param name="Share">Its places by all known places of the images that carry a label of its category.</param>
public sealed record ConceptSupport(Concept Concept, int Images, long Places, double Share);

/// <summary>The labels of all images, reduced to concepts that are in enough of them.</summary>
internal sealed class LabelTable
{
    private readonly GridLabels[] _images;

    /// <param name="images">The labels of each image, concepts by their place in the set.</param>
    /// <param name="set">The set.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="minImages">Concepts in fewer images are left out.</param>
    internal LabelTable(IReadOnlyList<GridLabels> images, LabelSet set, LabelGrid grid, int minImages)
    {
        Grid = grid;
        Categories = set.Categories;
        var counts = new int[set.Concepts.Length];
        foreach (ConceptPlaces places in images.SelectMany(i => i.Categories).SelectMany(c => c.Concepts))
        {
            counts[places.Concept]++;
        }

        int[] kept = [.. Enumerable.Range(0, counts.Length).Where(c => counts[c] >= Math.Max(1, minImages))];
        LeftOut = counts.Count(c => c > 0) - kept.Length;
        var placeOf = kept.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i);
        _images = [.. images.Select(i => new GridLabels([.. i.Categories.Select(g => g with
        {
            Concepts = [.. g.Concepts.Where(c => placeOf.ContainsKey(c.Concept)).Select(c => c with { Concept = placeOf[c.Concept] })],
        })]))];
        CategoryOf = [.. kept.Select(c => Categories.IndexOf(set.Concepts[c].Category))];
        IsWhole = new bool[kept.Length];
        Array.Fill(IsWhole, true);
        long[] known = new long[Categories.Length], truth = new long[kept.Length];
        foreach (CategoryPlaces category in _images.SelectMany(i => i.Categories))
        {
            known[category.Category] += Places - category.Unknown.Count;
            foreach (ConceptPlaces c in category.Concepts)
            {
                truth[c.Concept] += c.Bits.Count;
                IsWhole[c.Concept] &= c.IsWhole;
            }
        }

        Concepts = [.. kept.Select((c, i) => new ConceptSupport(
            set.Concepts[c], counts[c], truth[i], known[CategoryOf[i]] > 0 ? (double)truth[i] / known[CategoryOf[i]] : 0))];
    }

    internal LabelGrid Grid { get; }

    /// <summary>Places of the grid.</summary>
    internal int Places => Grid.Height * Grid.Width;

    internal ImmutableArray<string> Categories { get; }

    /// <summary>The concepts that are in enough images.</summary>
    internal ImmutableArray<ConceptSupport> Concepts { get; }

    /// <summary>For each concept its category's place.</summary>
    internal int[] CategoryOf { get; }

    /// <summary>For each concept whether all its labels are of whole images.</summary>
    internal bool[] IsWhole { get; }

    /// <summary>Concepts that are in too few images, but in one at least.</summary>
    internal int LeftOut { get; }

    internal int Images => _images.Length;

    internal GridLabels this[int image] => _images[image];

    /// <summary>For each category the images that carry a label of it.</summary>
    internal int[][] Carriers() =>
    [
        .. Enumerable.Range(0, Categories.Length).Select(g =>
            Enumerable.Range(0, Images).Where(i => _images[i].Categories.Any(c => c.Category == g)).ToArray()),
    ];
}
