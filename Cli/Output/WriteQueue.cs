using System.Collections.Concurrent;

namespace Interp.Cli.Output;

/// <summary>
/// Writes results in order on a thread of its own while the next ones are computed. Few wait at a time, so that memory stays bounded; a
/// failure is thrown at the
/// next call.
/// </summary>
internal sealed class WriteQueue : IDisposable
{
    private const int MostWaiting = 4;
    private readonly BlockingCollection<Action> _waiting = new(MostWaiting);
    private readonly Task _writer;

    internal WriteQueue() => _writer = Task.Run(() =>
    {
        try
        {
            foreach (Action write in _waiting.GetConsumingEnumerable())
            {
                write();
            }
        }
        finally
        {
            _waiting.CompleteAdding(); // Nobody takes what comes after a failure.
        }
    });

    /// <summary>Adds a piece of work; waits where too many wait already.</summary>
    internal void Add(Action write)
    {
        try
        {
            _waiting.Add(write);
        }
        catch (InvalidOperationException) when (_waiting.IsAddingCompleted)
        {
            _writer.GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>Returns when everything is written.</summary>
    internal void Finish()
    {
        _waiting.CompleteAdding();
        _writer.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        ((IAsyncResult)_writer).AsyncWaitHandle.WaitOne();
        _waiting.Dispose();
    }
}
