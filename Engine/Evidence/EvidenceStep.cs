namespace Interp.Engine.Evidence;

/// <summary>What a metric says while it measures: the images that it wants next, and at the end its
/// <see cref="EvidenceFinding"/>.</summary>
public abstract record EvidenceStep;

/// <summary>Images of which a metric wants to know the target's value before it goes on.</summary>
/// <param name="Images">The images.</param>
public sealed record EvidenceImages(params IReadOnlyList<EvidenceImage> Images) : EvidenceStep
{
    /// <summary>What is watched (<see cref="EvidenceRequest.Watched"/>) at each of the images, once the metric goes on.</summary>
    public IReadOnlyList<double> Scores { get; internal set; } = [];
}
