using System.Collections.Immutable;
using Interp.Engine.Graph;
using Interp.Engine.Statistics;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts;

/// <summary>What a concept test found at a layer.</summary>
public sealed record ConceptTestResult
{
    /// <summary>The layer.</summary>
    public required Node Layer { get; init; }

    /// <summary>The shape of its output for one image.</summary>
    public required Shape Shape { get; init; }

    /// <summary>Features of an image.</summary>
    public required int Features { get; init; }

    /// <summary>The concepts in the order in which they were given.</summary>
    public required ImmutableArray<ConceptVector> Concepts { get; init; }

    /// <summary>The classes in the order in which they were given.</summary>
    public required ImmutableArray<ClassConcepts> Classes { get; init; }

    /// <summary>B: random concepts of each size.</summary>
    public required int RandomConcepts { get; init; }

    /// <summary>Random images that could be read; 0 where concepts were told apart from each other.</summary>
    public required int RandomImages { get; init; }

    /// <summary>How many p-values were corrected together: concepts times classes.</summary>
    public int Tests => Concepts.Length * Classes.Length;

    /// <summary>More random concepts, drawn from the same images, that the test calls significant at 0.05, uncorrected, over all classes:
    /// about 5 % are to be expected. Null where none were tested.</summary>
    public required Proportion? FalsePositives { get; init; }

    /// <summary>The same for the customary t-test.</summary>
    public required Proportion? WelchFalsePositives { get; init; }

    /// <summary>Mean share of held-out images that directions of random concepts tell right: about ½.</summary>
    public required double RandomAccuracy { get; init; }

    /// <summary>Mean cosine between two directions of the same random concept.</summary>
    public required double RandomCosine { get; init; }

    /// <summary>What limits how far the result can be believed, one line each.</summary>
    public required ImmutableArray<string> Warnings { get; init; }
}

/// <summary>A concept's direction at a layer.</summary>
/// <param name="Concept">Its name.</param>
/// <param name="Images">How many images it was made of.</param>
/// <param name="Values">The mean of the runs' unit vectors, scaled to unit length, in the layer's own units; zeros where they
/// cancel.</param>
/// <param name="Channels">The same as a direction in the layer's channels, of unit length: what <c>visualize</c> takes.</param>
/// <param name="Accuracy">Held-out images that a run tells right on average, rounded, of how many a run holds out: it says that images
/// of the concept can be told from others, not that the class uses it.</param>
/// <param name="ConceptAccuracy">Share of the concept's held-out images that are told right.</param>
/// <param name="OthersAccuracy">Share of the others.</param>
/// <param name="Cosine">Mean cosine between two runs' directions.</param>
public sealed record ConceptVector(
    string Concept, int Images, float[] Values, float[] Channels, Proportion Accuracy, double ConceptAccuracy, double OthersAccuracy,
    double Cosine);

/// <summary>What was found for a class.</summary>
/// <param name="Class">The class.</param>
/// <param name="Label">Its name.</param>
/// <param name="Images">Its photos.</param>
/// <param name="Recognised">Of how many the class is the network's first.</param>
/// <param name="Scores">The concepts, in the order of <see cref="ConceptTestResult.Concepts"/>.</param>
/// <param name="Extreme">Share of single random directions with a score of exactly 0 or 1.</param>
/// <param name="RandomRunMean">Mean score of single random directions.</param>
/// <param name="RandomRunDeviation">Their standard deviation.</param>
public sealed record ClassConcepts(
    int Class, string Label, ImmutableArray<string> Images, int Recognised, ImmutableArray<ConceptScore> Scores, double Extreme,
    double RandomRunMean, double RandomRunDeviation);

/// <summary>How a class depends on a concept.</summary>
public sealed record ConceptScore
{
    /// <summary>The concept's name.</summary>
    public required string Concept { get; init; }

    /// <summary>TCAV: the share of photos whose class score rises towards the concept, mean over runs.</summary>
    public required double Score { get; init; }

    /// <summary>Standard deviation of the runs' scores.</summary>
    public required double Deviation { get; init; }

    /// <summary>Mean sensitivity: how much the logit rises for a step of length 1 in the layer's units.</summary>
    public required double Sensitivity { get; init; }

    /// <summary>(mean sensitivity − that of random concepts) / their standard deviation.</summary>
    public required double Effect { get; init; }

    /// <summary>The p-value of <see cref="ConceptTestOptions.Statistic"/> against random concepts, two-sided.</summary>
    public required double P { get; init; }

    /// <summary>The same after S. Holm's correction for all tests.</summary>
    public required double PCorrected { get; init; }

    /// <summary>The p-value of the score.</summary>
    public required double PScore { get; init; }

    /// <summary>The p-value of the mean sensitivity.</summary>
    public required double PSensitivity { get; init; }

    /// <summary>Mean score of random concepts.</summary>
    public required double RandomMean { get; init; }

    /// <summary>Their standard deviation.</summary>
    public required double RandomDeviation { get; init; }

    /// <summary>The scores between which 95 % of random concepts lie.</summary>
    public required (double Low, double High) RandomRange { get; init; }

    /// <summary>The customary t-test of this concept's runs against single random directions, for comparison.</summary>
    public required (double T, double DegreesOfFreedom, double P) Welch { get; init; }

    /// <summary>Its p-value after C. Bonferroni's correction.</summary>
    public required double WelchCorrected { get; init; }

    /// <summary>Each photo's sensitivity, mean over runs.</summary>
    public required ImmutableArray<double> Sensitivities { get; init; }

    /// <summary>Each photo's share of runs with a sensitivity above 0.</summary>
    public required ImmutableArray<double> Shares { get; init; }

    /// <summary>Whether the corrected p is below 0.05.</summary>
    public bool IsSignificant => PCorrected < ConceptTest.Level;

    /// <summary><c>*</c> for a corrected p below 0.05, <c>**</c> 0.01, <c>***</c> 0.001, else nothing.</summary>
    public string Stars => StarsOf(PCorrected);

    /// <summary>The same for the t-test.</summary>
    public string WelchStars => StarsOf(WelchCorrected);

    private static string StarsOf(double p) => p < 0.001 ? "***" : p < 0.01 ? "**" : p < ConceptTest.Level ? "*" : "";
}
