using Interp.Engine.Common;

namespace Interp.Engine.Concepts;

/// <summary>What a concept's p-value is about.</summary>
public enum ConceptStatistic
{
    /// <summary>The share of photos whose score rises towards the concept: TCAV.</summary>
    Score,

    /// <summary>The mean sensitivity itself, for layers where nearly every score is 0 or 1.</summary>
    Sensitivity,
}

/// <summary>How concepts are tested.</summary>
public sealed record ConceptTestOptions
{
    /// <summary>The most random concepts that are drawn where their number is not given.</summary>
    public const int MostRandomConcepts = 4000;

    /// <summary>How a concept's direction is found.</summary>
    public ConceptVectorKind Vector { get; init; } = ConceptVectorKind.Logistic;

    /// <summary>α of the penalty (α/2)‖v‖², above 0.</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>What of the layer is a feature.</summary>
    public FeaturePool Pool { get; init; } = FeaturePool.None;

    /// <summary>Directions of a concept, each against other negatives and with another third held out; at least 2.</summary>
    public int Runs { get; init; } = 8;

    /// <summary>B, the random concepts that say what chance gives; null for 400, or 40 a test where that is more, up to 4000.</summary>
    public int? RandomConcepts { get; init; }

    /// <summary>Random concepts beside those, which are tested like the others.</summary>
    public int HeldOut { get; init; } = 40;

    /// <summary>The most images of a concept; of more, as many are drawn.</summary>
    public int SetSize { get; init; } = 50;

    /// <summary>Whether concepts are told apart from each other rather than from random images.</summary>
    public bool Relative { get; init; }

    /// <summary>What p is about.</summary>
    public ConceptStatistic Statistic { get; init; }

    /// <summary>Whether gradients are those of the class's probability rather than of its logit.</summary>
    public bool Probability { get; init; }

    /// <summary>The seed of all draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads that compute; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>The most bytes that the features of all images may take.</summary>
    public long MemoryLimit { get; init; } = long.MaxValue;

    internal ParallelOptions Parallel(CancellationToken cancel) => ThreadLimit.Of(Threads, cancel);

    /// <summary>B for so many tests.</summary>
    internal int RandomConceptsFor(int tests) => RandomConcepts ?? Math.Clamp(40 * tests, 400, MostRandomConcepts);

    internal void Check()
    {
        if (!(Alpha > 0) || double.IsInfinity(Alpha))
        {
            throw new InputException($"option 'alpha' {Alpha}: expected a finite number above 0");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Runs, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(RandomConcepts ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(HeldOut);
        ArgumentOutOfRangeException.ThrowIfLessThan(SetSize, ConceptTest.FewestImages);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
    }
}
