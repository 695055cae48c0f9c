namespace Interp.Engine.Attribution;

/// <summary>How an <see cref="Explainer"/> uses memory.</summary>
public sealed record ExplainerOptions
{
    internal const int Standard = 8;

    /// <summary>Whether backward passes are wanted; without them, sessions hold less memory and can only predict.</summary>
    public bool Backward { get; init; } = true;

    /// <summary>The most images in one run. Unless it is set, a backend takes its own: 8 on a CPU of few cores, where more do not make an
    /// image faster, and 50 on a GPU, as far as they fit into its free memory.</summary>
    public int Batch
    {
        get => BatchAsked ?? Standard;
        init => BatchAsked = value;
    }

    /// <summary>The most bytes that all open sessions may hold together; batches shrink to fit. Weights and results are not
    /// counted.</summary>
    public long MemoryLimit { get; init; } = long.MaxValue;

    /// <summary>The most images in one run, if anybody said so.</summary>
    internal int? BatchAsked { get; init; }
}
