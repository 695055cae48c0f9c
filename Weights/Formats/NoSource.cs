namespace Interp.Weights.Formats;

/// <summary>A weight file with nothing in it, for networks whose parameters lie elsewhere.</summary>
internal sealed class NoSource : WeightSource
{
    /// <summary>The only one.</summary>
    internal static NoSource Instance { get; } = new();

    /// <inheritdoc/>
    public override string Path => "";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightEntry> Entries => [];

    /// <inheritdoc/>
    public override void Read(WeightEntry entry, long first, Span<double> destination) =>
        throw new InvalidOperationException($"there is no tensor '{entry.Name}'");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
