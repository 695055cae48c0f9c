using System.Collections.Immutable;
using Interp.Engine.Evidence;
using Interp.Engine.Graph;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>A crop in which a concept is strong.</summary>
/// <param name="Image">Place of its image in the list.</param>
/// <param name="Box">Where it is in the image as the network sees it.</param>
/// <param name="Strength">u, how much of the concept it has.</param>
public sealed record ConceptCrop(int Image, PixelBox Box, double Strength);

/// <summary>One concept: a direction of the layer's channels, and what the class makes of it.</summary>
/// <param name="Importance">S_T: the share of the logit's variance in which the concept has a part when all are dimmed at random, mean
/// over the images. It has no sign: a concept that speaks against the class is important too.</param>
/// <param name="Low">The lower end of its 95 % interval, by drawing the images again.</param>
/// <param name="High">The upper end.</param>
/// <param name="P">(1 + random directions that are at least as important) / (1 + random directions), not corrected for the number of
/// concepts; NaN without any.</param>
/// <param name="Effect">What the logit loses without the concept, mean over the images: below 0 where it speaks against the class.</param>
/// <param name="EffectLow">The lower end of its 95 % interval.</param>
/// <param name="EffectHigh">The upper end.</param>
/// <param name="Share">Its part of all crops' u.</param>
/// <param name="Stability">Mean cosine with its match among the concepts of half of the images. They are half of those that it was found
/// in, so it tends to be higher than <see cref="ConceptStability.Mean"/>, and the chance there is not its own.</param>
/// <param name="Crops">The crops that have most of it, the strongest first.</param>
public sealed record DiscoveredConcept(
    double Importance, double Low, double High, double P, double Effect, double EffectLow, double EffectHigh, double Share,
    double Stability, ImmutableArray<ConceptCrop> Crops);

/// <summary>How much of the layer's output the concepts hold, and whether that is enough for the network.</summary>
/// <param name="CropError">‖A − UW‖ / ‖A‖ of the crops' means.</param>
/// <param name="CropR2">What share of the crops' differences the concepts explain.</param>
/// <param name="MapError">‖A − UW‖ / ‖A‖ over all places of the images.</param>
/// <param name="RandomMapError">The same of random directions, mean over their sets; NaN without any.</param>
/// <param name="OwnClass">In how many images the network says the class.</param>
/// <param name="RebuiltClass">In how many of those it still does where the layer's output is replaced by UW.</param>
/// <param name="RandomClass">In how many of those with random directions, mean over their sets; NaN without any.</param>
/// <param name="OwnProbability">The class's probability, mean over the images.</param>
/// <param name="RebuiltProbability">The same with UW.</param>
public sealed record ConceptFidelity(
    double CropError, double CropR2, double MapError, double RandomMapError, int OwnClass, int RebuiltClass, double RandomClass,
    double OwnProbability, double RebuiltProbability);

/// <summary>The concepts of a class at a layer, the most important first, and how far they can be trusted.</summary>
public sealed record DiscoveredConcepts
{
    /// <summary>The layer.</summary>
    public required Node Layer { get; init; }

    /// <summary>The class.</summary>
    public required int Class { get; init; }

    /// <summary>W, <c>[r,C]</c>: a concept's direction each row, of unit length.</summary>
    public required ImmutableArray<float> Components { get; init; }

    /// <summary>The concepts, as the rows of <see cref="Components"/>.</summary>
    public required ImmutableArray<DiscoveredConcept> Concepts { get; init; }

    /// <summary>How much of the layer's output they hold.</summary>
    public required ConceptFidelity Fidelity { get; init; }

    /// <summary>Whether half of the images gives the same.</summary>
    public required ConceptStability Stability { get; init; }

    /// <summary>Deletion and insertion.</summary>
    public required ImmutableArray<ConceptCurve> Curves { get; init; }

    /// <summary>What chance gives: how important random directions are, the largest first. S_T of their own would add up to 1 or more
    /// whatever they are, so theirs is their part over the variance that the concepts give the logit.</summary>
    public required ImmutableArray<double> RandomImportance { get; init; }

    /// <summary>Number of images.</summary>
    public required int Images { get; init; }

    /// <summary>Number of crops.</summary>
    public required int Crops { get; init; }

    /// <summary>Side of a crop in pixels of the network's input.</summary>
    public required int Patch { get; init; }

    /// <summary>How often the layers behind have run.</summary>
    public required long TailRuns { get; init; }

    /// <summary>What weakens the result, a line each.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>Height of the layer's maps.</summary>
    public required int MapHeight { get; init; }

    /// <summary>Their width.</summary>
    public required int MapWidth { get; init; }

    /// <summary>By image, each concept's maps one after another.</summary>
    internal float[][] Maps { get; init; } = [];

    /// <summary>Where a concept is in an image: u at each place, <c>[h,w]</c>, at least 0.</summary>
    /// <param name="image">Place of the image in the list.</param>
    /// <param name="concept">Place of the concept.</param>
    public ReadOnlySpan<float> MapOf(int image, int concept)
    {
        int places = MapHeight * MapWidth;
        return Maps[image].AsSpan(concept * places, places);
    }
}
