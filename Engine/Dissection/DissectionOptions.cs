using Interp.Engine.Common;

namespace Interp.Engine.Dissection;

/// <summary>In which images a unit's mask counts against its IoU with a concept.</summary>
public enum MaskShare
{
    /// <summary>In those that carry a label of the concept's category, as in the original program.</summary>
    Category,

    /// <summary>In all: what has no label counts as not being the concept.</summary>
    All,
}

/// <summary>How a unit's map is enlarged to the label grid; bilinear in either case.</summary>
public enum Enlargement
{
    /// <summary>Each position stands at the centre of its receptive field, where the fields lie evenly; else as
    /// <see cref="HalfPixel"/>.</summary>
    Field,

    /// <summary>The map covers the input evenly, a position in the middle of its share.</summary>
    HalfPixel,
}

/// <summary>How units are dissected.</summary>
public sealed record DissectionOptions
{
    /// <summary>The largest <see cref="LabelSize"/>: masks count the grid's words of 64 points in 16 bits.</summary>
    public const int MostLabelSize = 1024;

    /// <summary>q: a unit's mask is where it exceeds its largest values' threshold T, with P(a &gt; T) = q.</summary>
    public double Quantile { get; init; } = 0.005;

    /// <summary>A unit whose label's IoU exceeds this counts as a detector.</summary>
    public double Threshold { get; init; } = 0.04;

    /// <summary>Points along the longer side of the grid on which masks and labels are compared.</summary>
    public int LabelSize { get; init; } = 112;

    /// <summary>Concepts in fewer images are left out.</summary>
    public int MinImages { get; init; } = 5;

    /// <summary>B: how many times labels are exchanged among images, and how many times they are shifted; 0 for no statistics.</summary>
    public int Permutations { get; init; } = 1000;

    /// <summary>The false discovery rate at which units count as significant.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>In which images masks count.</summary>
    public MaskShare Denominator { get; init; }

    /// <summary>How maps are enlarged.</summary>
    public Enlargement Enlargement { get; init; }

    /// <summary>What decides the label.</summary>
    public DissectionScore Score { get; init; } = DissectionScore.Iou;

    /// <summary>The channels, or null for all.</summary>
    public IReadOnlyList<int>? Channels { get; init; }

    /// <summary>How many of the most exciting images are kept of each unit, with their masks.</summary>
    public int Examples { get; init; } = 5;

    /// <summary>Seed of everything random.</summary>
    public ulong Seed { get; init; }

    /// <summary>Images that are read and run together.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Threads that count; 0 for one per core. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>The most bytes that the units' largest values may take, and never more than a quarter of the memory that there is. Over it
    /// they are found in two passes, exact as well.</summary>
    public long MemoryLimit { get; init; } = long.MaxValue;

    /// <summary>The most bytes that the masks and labels of all images may take, and never more than half of the memory that there is.
    /// Where they will take more, the run is refused, and goes on from <see cref="StateFile"/> when it may take them.</summary>
    public long MaskLimit { get; init; } = long.MaxValue;

    /// <summary>The most bytes of a temporary file that saves a second pass over the images; 0 for none.</summary>
    public long CacheSize { get; init; } = 4L << 30;

    /// <summary>A file in which the state is kept every minute and when the run is cancelled, so that the same call goes on from there;
    /// null for none. It is removed at the end.</summary>
    public string? StateFile { get; init; }

    /// <summary>Told of each image that cannot be used, in one line that names it; null where nobody asks.</summary>
    public Action<string>? Failed { get; init; }

    /// <summary>Told of what is worth knowing of the run, in one line.</summary>
    public Action<string>? Note { get; init; }

    internal long MostForTails => Math.Min(MemoryLimit, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    internal long MostForMasks => Math.Min(MaskLimit, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    /// <exception cref="InputException">An option is out of its range.</exception>
    internal void Require()
    {
        string? wrong = Quantile is not (> 0 and <= 0.5) ? $"quantile {Quantile}: expected more than 0, at most 0.5"
            : Threshold is not (>= 0 and <= 1) ? $"threshold {Threshold}: expected 0 to 1"
            : Alpha is not (>= 0 and <= 1) ? $"alpha {Alpha}: expected 0 to 1"
            : LabelSize is < 1 or > MostLabelSize ? $"label size {LabelSize}: expected 1 to {MostLabelSize}"
            : MinImages < 1 ? $"min images {MinImages}: expected 1 or more"
            : Permutations < 0 ? $"permutations {Permutations}: expected 0 or more"
            : Examples < 0 ? $"examples {Examples}: expected 0 or more"
            : Batch < 1 ? $"batch {Batch}: expected 1 or more"
            : Channels is { Count: 0 } || Channels?.Distinct().Count() < Channels?.Count ? "channels: expected at least one, and each once"
            : null;
        if (wrong is not null)
        {
            throw new InputException($"dissection: {wrong}");
        }
    }

    internal ParallelOptions Parallel(CancellationToken cancel) => ThreadLimit.Of(Threads, cancel);
}

/// <summary>How far a dissection has come.</summary>
/// <param name="Stage">What is being done: <c>activations</c>, <c>tails</c>, <c>masks</c>, <c>chance</c>.</param>
/// <param name="Done">How many images or permutations are done.</param>
/// <param name="Of">Of how many.</param>
public readonly record struct DissectionProgress(string Stage, int Done, int Of);
