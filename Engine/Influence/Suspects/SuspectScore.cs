namespace Interp.Engine.Influence.Suspects;

/// <summary>A way to rank the training images by how likely their label is wrong.</summary>
public abstract class SuspectScore
{
    private protected SuspectScore(string name, string description, string source) =>
        (Name, Description, Source) = (name, description, source);

    /// <summary>Its name: <c>self-influence</c>.</summary>
    public string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public string Description { get; }

    /// <summary>Where it comes from.</summary>
    public string Source { get; }

    /// <summary>The score of each training image; the largest is the most suspect.</summary>
    /// <param name="problem">The head and its training images.</param>
    /// <param name="progress">Told after each part, or null.</param>
    /// <param name="cancel">Checked between parts.</param>
    public abstract double[] Of(
        InfluenceProblem problem, Action<InfluenceProgress>? progress = null, CancellationToken cancel = default);
}
