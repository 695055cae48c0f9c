namespace Interp.Engine.Dissection;

/// <summary>Counts of the places that masks and labels have in common, summed over images.</summary>
internal sealed class Tally
{
    private readonly LabelTable _labels;
    private readonly bool _everywhere;
    private readonly long[] _common; // [units, concepts]
    private readonly long[] _masks;  // [units, categories]: in the images that carry the category
    private readonly long[] _truth;  // [concepts]
    private readonly long[] _known;  // [categories]
    private readonly long[] _outside; // [units, categories]: in the others

    /// <param name="labels">The concepts.</param>
    /// <param name="units">How many units there are.</param>
    /// <param name="share">In which images masks count.</param>
    internal Tally(LabelTable labels, int units, MaskShare share)
    {
        (_labels, Units, _everywhere) = (labels, units, share == MaskShare.All);
        (_common, _truth) = (new long[units * labels.Concepts.Length], new long[labels.Concepts.Length]);
        (_masks, _known) = (new long[units * labels.Categories.Length], new long[labels.Categories.Length]);
        _outside = _everywhere ? new long[_masks.Length] : [];
    }

    internal int Units { get; }

    /// <summary>How a unit lies on a concept.</summary>
    internal Overlap this[int unit, int concept]
    {
        get
        {
            int category = _labels.CategoryOf[concept], mask = (unit * _known.Length) + category;
            return new Overlap(
                _common[(unit * _truth.Length) + concept],
                _truth[concept],
                _masks[mask] + (_everywhere ? _outside[mask] : 0),
                _known[category]);
        }
    }

    /// <summary>Takes one image, with its own labels.</summary>
    internal void Add(ImageMasks masks, GridLabels labels)
    {
        foreach (CategoryPlaces places in labels.Categories)
        {
            Add(masks, places);
        }

        AddOutside(masks, labels);
    }

    /// <summary>Takes the masks of an image with labels of one category, its own or others.</summary>
    internal void Add(ImageMasks masks, CategoryPlaces labels)
    {
        _known[labels.Category] += _labels.Places - labels.Unknown.Count;
        foreach (ConceptPlaces c in labels.Concepts)
        {
            _truth[c.Concept] += c.Bits.Count;
        }

        for (int i = 0; i < masks.Units.Length; i++)
        {
            int unit = masks.Units[i];
            int count = masks.Count(i);
            if (labels.Unknown.Count > 0)
            {
                count -= masks.Common(i, labels.Unknown);
            }

            _masks[(unit * _known.Length) + labels.Category] += count;
            Span<long> common = _common.AsSpan(unit * _truth.Length, _truth.Length);
            foreach (ConceptPlaces c in labels.Concepts)
            {
                common[c.Concept] += masks.Common(i, c.Bits);
            }
        }
    }

    /// <summary>Takes an image for the categories of which it carries no label, where masks count everywhere.</summary>
    internal void AddOutside(ImageMasks masks, GridLabels labels)
    {
        if (!_everywhere)
        {
            return;
        }

        foreach (int category in Enumerable.Range(0, _known.Length).Where(g => labels.Categories.All(c => c.Category != g)))
        {
            _known[category] += _labels.Places;
            for (int i = 0; i < masks.Units.Length; i++)
            {
                _outside[(masks.Units[i] * _known.Length) + category] += masks.Count(i);
            }
        }
    }

    /// <summary>The concept with the best score, the first among equals; −1 where no mask lies on any.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="score">The score.</param>
    /// <param name="allowed">Which concepts may be, or null for all.</param>
    internal (int Concept, double Score) Best(int unit, DissectionScore score, Func<int, bool>? allowed = null)
    {
        (int best, double most) = (-1, 0);
        for (int c = 0; c < _truth.Length; c++)
        {
            if (_common[(unit * _truth.Length) + c] > 0 && (allowed is null || allowed(c)) && score.Of(this[unit, c]) is var s && s > most)
            {
                (best, most) = (c, s);
            }
        }

        return (best, most);
    }
}
