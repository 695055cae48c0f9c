namespace Interp.Engine.LabelSets;

/// <summary>How much of a set is labelled as a concept.</summary>
/// <param name="Concept">The concept.</param>
/// <param name="Images">Images with it.</param>
/// <param name="Pixels">Pixels with it, of all images together; of a label of the whole image all of its pixels.</param>
/// <param name="Share">These pixels' share of those of all images that could be read; NaN if none could.</param>
public sealed record ConceptCount(Concept Concept, int Images, long Pixels, double Share);
