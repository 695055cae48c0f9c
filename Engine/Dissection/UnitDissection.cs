using System.Collections.Immutable;

namespace Interp.Engine.Dissection;

/// <summary>What a unit has to do with one category.</summary>
/// <param name="Category">The category.</param>
/// <param name="Concept">Its best concept, by its place in <see cref="Dissection.Concepts"/>; −1 where its mask lies on none.</param>
/// <param name="Overlap">The counts of that concept.</param>
public sealed record CategoryLabel(string Category, int Concept, Overlap Overlap);

/// <summary>An image that excites a unit much.</summary>
/// <param name="Image">Its place in the label set.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">The largest activation.</param>
/// <param name="Mask">Where the unit exceeds its threshold.</param>
public sealed record DissectedExample(int Image, string Name, float Value, UnitMask Mask);

/// <summary>What one unit stands for, as far as labels can say.</summary>
public sealed record UnitDissection
{
    /// <summary>The channel.</summary>
    public required int Channel { get; init; }

    /// <summary>T: the value that the share q of all its activations exceeds.</summary>
    public required float Threshold { get; init; }

    /// <summary>Its label by its place in <see cref="Dissection.Concepts"/>: the concept with the best score; −1 where its mask lies on
    /// none.</summary>
    public required int Concept { get; init; }

    /// <summary>The counts behind the label.</summary>
    public required Overlap Overlap { get; init; }

    /// <summary>The score that decided.</summary>
    public required double Score { get; init; }

    /// <summary>(1 + b) / (1 + B), b of B exchanges of label maps among images giving a best score as good or better: whether the unit
    /// knows the concept at all. The number of concepts is allowed for, that of units is not. NaN without permutations.</summary>
    public required double P { get; init; }

    /// <summary>The same of moved label maps: whether it knows the place, or likes the middle as the concept does. NaN where the label is
    /// of whole images, or there is none.</summary>
    public required double PPlace { get; init; }

    /// <summary>The least false discovery rate at which the unit is significant, by <see cref="P"/> (Benjamini and Hochberg).</summary>
    public required double Q { get; init; }

    /// <summary>Whether <see cref="Q"/> is at most α.</summary>
    public required bool IsSignificant { get; init; }

    /// <summary>Whether the label's IoU exceeds the threshold of detectors.</summary>
    public required bool IsDetector { get; init; }

    /// <summary>Whether no activation exceeds the threshold: the unit is the same everywhere in these images, never active.</summary>
    public required bool IsDead { get; init; }

    /// <summary>Whether T is 0: the mask is wherever the unit is active at all, which may be less than q.</summary>
    public required bool IsSparse { get; init; }

    /// <summary>The share of the label grid, over all images, that its masks really cover.</summary>
    public required double MaskShare { get; init; }

    /// <summary>The labels that the images at even and at odd places alone would give; −1 for none.</summary>
    public required (int Even, int Odd) Halves { get; init; }

    /// <summary>The best concept of each category, in the order of <see cref="Dissection.Categories"/>.</summary>
    public required ImmutableArray<CategoryLabel> ByCategory { get; init; }

    /// <summary>The most exciting images, the most exciting first.</summary>
    public required ImmutableArray<DissectedExample> Examples { get; init; }
}
