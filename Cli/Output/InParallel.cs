using System.Runtime.ExceptionServices;

namespace Interp.Cli.Output;

/// <summary>Loops over several threads that fail as a plain loop does.</summary>
internal static class InParallel
{
    /// <summary>Does something for each item, and throws what one of them threw as it was, not within an
    /// <see cref="AggregateException"/>.</summary>
    internal static void Each<T>(IEnumerable<T> items, int threads, Action<T> action, CancellationToken cancel = default)
    {
        try
        {
            Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, action);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
