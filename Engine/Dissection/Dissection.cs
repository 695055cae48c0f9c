using System.Collections.Immutable;

namespace Interp.Engine.Dissection;

/// <summary>Numbers of units of a layer that pass, and of the concepts that they stand for.</summary>
/// <param name="Detectors">Units whose label's IoU exceeds the threshold. Never read it alone: see
/// <paramref name="ExpectedByChance"/>.</param>
/// <param name="ExpectedByChance">The mean number of units that pass after label maps were exchanged among images; NaN without
/// permutations.</param>
/// <param name="Significant">Units that are significant at the false discovery rate α, whatever their IoU.</param>
/// <param name="SignificantDetectors">Detectors that are significant.</param>
/// <param name="Unique">Different labels among the detectors.</param>
/// <param name="UniqueSignificant">Different labels among the significant detectors.</param>
public sealed record DetectorCounts(
    int Detectors, double ExpectedByChance, int Significant, int SignificantDetectors, int Unique, int UniqueSignificant);

/// <summary>Whether two halves of the images give units the same labels.</summary>
/// <param name="Same">Detectors with the same label from images at even and at odd places.</param>
/// <param name="Of">Detectors.</param>
/// <param name="Chance">The share that would agree if the two labels had nothing to do with each other: Σ_c e_c·o_c, with the shares of
/// detectors that the halves label c.</param>
public sealed record HalvesAgreement(int Same, int Of, double Chance)
{
    /// <summary>Same / Of; NaN without detectors.</summary>
    public double Share => Of > 0 ? (double)Same / Of : double.NaN;
}

/// <summary>
/// What the units of a layer stand for, as far as labels can say: Network Dissection (D. Bau, B. Zhou, A. Khosla, A. Oliva, A. Torralba,
/// CVPR 2017, arXiv 1704.05796), with what chance gives beside every number.
/// </summary>
public sealed record Dissection
{
    /// <summary>The layer.</summary>
    public required string Layer { get; init; }

    /// <summary>The concepts that are in enough images; the columns of <see cref="Iou"/>.</summary>
    public required ImmutableArray<ConceptSupport> Concepts { get; init; }

    /// <summary>For each concept the mean number of units that it labels as detectors after label maps were exchanged among
    /// images.</summary>
    public required ImmutableArray<double> ExpectedByConcept { get; init; }

    /// <summary>The categories, in the label set's order.</summary>
    public required ImmutableArray<string> Categories { get; init; }

    /// <summary>Concepts that were left out since they are in too few images.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Images that were used.</summary>
    public required int Images { get; init; }

    /// <summary>Images that could not be used, a line each.</summary>
    public required ImmutableArray<string> Failed { get; init; }

    /// <summary>The units, in the order of their channels.</summary>
    public required ImmutableArray<UnitDissection> Units { get; init; }

    /// <summary>IoU of every unit with every concept, <c>[units,concepts]</c>.</summary>
    public required float[] Iou { get; init; }

    /// <summary>Height and width of the label grid.</summary>
    public required (int Height, int Width) Grid { get; init; }

    /// <summary>Height and width of the layer's maps.</summary>
    public required (int Height, int Width) Map { get; init; }

    /// <summary>How maps were enlarged; <see cref="Enlargement.HalfPixel"/> where receptive fields do not lie evenly.</summary>
    public required Enlargement Enlargement { get; init; }

    /// <summary>How many units pass.</summary>
    public required DetectorCounts Counts { get; init; }

    /// <summary>The same for each category, of the units that it labels.</summary>
    public required ImmutableArray<DetectorCounts> CountsByCategory { get; init; }

    /// <summary>Whether halves of the images agree.</summary>
    public required HalvesAgreement Halves { get; init; }

    /// <summary>For each permutation the number of units that pass as detectors.</summary>
    public required ImmutableArray<int> ChanceDetectors { get; init; }

    /// <summary>The concept of a unit's label, or null.</summary>
    public ConceptSupport? LabelOf(UnitDissection unit) => unit.Concept < 0 ? null : Concepts[unit.Concept];
}
