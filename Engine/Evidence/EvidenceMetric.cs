namespace Interp.Engine.Evidence;

/// <summary>
/// One way to put a number on how far an attribution can be believed. A new metric is one file with a subclass and one line in
/// <see cref="EvidenceCatalog"/>; options of commands, tables and files follow. Metrics hold no state and can be shared between threads.
/// </summary>
public abstract class EvidenceMetric
{
    /// <summary>The name used on the command line and in files.</summary>
    public abstract string Name { get; }

    /// <summary>The name in words.</summary>
    public abstract string Title { get; }

    /// <summary>What it measures, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>Where it comes from.</summary>
    public abstract string Paper { get; }

    /// <summary>The numbers that it gives, the main one first.</summary>
    public abstract IReadOnlyList<EvidenceColumn> Columns { get; }

    /// <summary>What it takes for one map beyond the map itself.</summary>
    public abstract EvidenceCost Cost(EvidenceOptions options);

    /// <summary>Why it says nothing about this map, or null where it does: <c>no box is given</c>.</summary>
    public virtual string? Obstacle(EvidenceRequest request) => null;

    /// <summary>Measures. Deterministic: the same request gives the same bits at any number of threads.</summary>
    /// <exception cref="InvalidOperationException">There is an <see cref="Obstacle"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EvidenceFinding Measure(EvidenceRequest request)
    {
        var one = new Measurement(this, request);
        request.Scores.Run(request.Watched, [one]);
        return one.Finding;
    }

    /// <summary>The steps of a measurement that can be made.</summary>
    internal IEnumerable<EvidenceStep> Steps(EvidenceRequest request) => Obstacle(request) is { } obstacle
        ? throw new InvalidOperationException($"{Name} cannot be measured: {obstacle}")
        : Compute(request);

    /// <summary>The finding as this metric's.</summary>
    internal EvidenceFinding Checked(EvidenceFinding finding) => finding.Values.Length == Columns.Count
        ? finding with { Metric = this }
        : throw new InvalidOperationException($"{Name} gave {finding.Values.Length} values for {Columns.Count} columns");

    /// <summary>
    /// Names the images that it wants (<see cref="EvidenceImages"/>), as often as it has to, each time going on with what the target is
    /// there; last its finding: one value for each of <see cref="Columns"/>, and curves if there are any. So all metrics share batches.
    /// </summary>
    protected abstract IEnumerable<EvidenceStep> Compute(EvidenceRequest request);
}

/// <summary>One number that a metric gives.</summary>
/// <param name="Name">Its name in tables and files: <c>deletion</c>.</param>
/// <param name="Title">What it is, in a few words with its range.</param>
/// <param name="Better">Which way is better.</param>
public sealed record EvidenceColumn(string Name, string Title, Better Better);

/// <summary>What measuring takes.</summary>
/// <param name="Forward">Forward passes of one image.</param>
/// <param name="Attributions">Times that the method explains again.</param>
public readonly record struct EvidenceCost(int Forward, int Attributions)
{
    /// <summary>Both together.</summary>
    public static EvidenceCost operator +(EvidenceCost a, EvidenceCost b) => new(a.Forward + b.Forward, a.Attributions + b.Attributions);

    /// <inheritdoc/>
    public override string ToString() => $"{Forward} forward passes and {Attributions} attributions";
}

/// <summary>Which way a number is better.</summary>
public enum Better
{
    /// <summary>It describes, and neither way is better.</summary>
    Neither,

    /// <summary>More is better.</summary>
    Higher,

    /// <summary>Less is better.</summary>
    Lower,
}
