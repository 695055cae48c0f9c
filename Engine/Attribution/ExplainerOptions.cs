namespace Interp.Engine.Attribution;

/// <summary>How an <see cref="Explainer"/> uses memory.</summary>
public sealed record ExplainerOptions
{
    /// <summary>Whether backward passes are wanted; without them, sessions hold less memory and can only predict.</summary>
    public bool Backward { get; init; } = true;

    /// <summary>The most images in one run. More does not make an image faster on a CPU of few cores, only larger.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>The most bytes that all open sessions may hold together; batches shrink to fit. Weights and results are not
    /// counted.</summary>
    public long MemoryLimit { get; init; } = long.MaxValue;
}
