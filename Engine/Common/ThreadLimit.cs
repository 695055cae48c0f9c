namespace Interp.Engine.Common;

/// <summary>How many threads a loop may take.</summary>
internal static class ThreadLimit
{
    /// <summary>For <see cref="Parallel"/>.</summary>
    /// <param name="threads">How many; 0 for one per core.</param>
    /// <param name="cancel">Checked before each step.</param>
    internal static ParallelOptions Of(int threads, CancellationToken cancel = default) => new()
    {
        MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads,
        CancellationToken = cancel,
    };
}
