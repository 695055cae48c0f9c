using System.Collections.Concurrent;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Examples;

/// <param name="File">Place of the file in the list.</param>
/// <param name="Part">Place in the file, 0 where there is only one.</param>
/// <param name="Index">The same, or null where there is only one.</param>
/// <param name="Input">The picture.</param>
internal sealed record ReadPicture(int File, int Part, int? Index, NetworkInput Input);

/// <summary>Reads pictures on a thread of its own while others are worked on. Few wait at a time, so that memory stays bounded.</summary>
internal sealed class ReadAhead : IDisposable
{
    private readonly BlockingCollection<ReadPicture> _waiting;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reader;

    /// <param name="inputs">The files.</param>
    /// <param name="network">For its preprocessing.</param>
    /// <param name="first">The file to begin with.</param>
    /// <param name="mostWaiting">The most pictures that wait.</param>
    internal ReadAhead(InputList inputs, Network network, int first, int mostWaiting)
    {
        _waiting = new BlockingCollection<ReadPicture>(mostWaiting);
        _reader = Task.Run(() =>
        {
            try
            {
                inputs.ForEach(network, (i, input, part) => _waiting.Add(new ReadPicture(i, part ?? 0, part, input), _stop.Token), first);
            }
            finally
            {
                _waiting.CompleteAdding();
            }
        });
    }

    /// <summary>The pictures in order; a failure of the reader is thrown at the end.</summary>
    internal IEnumerable<ReadPicture> Pictures()
    {
        foreach (ReadPicture picture in _waiting.GetConsumingEnumerable())
        {
            yield return picture;
        }

        _reader.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        ((IAsyncResult)_reader).AsyncWaitHandle.WaitOne();
        _waiting.Dispose();
        _stop.Dispose();
    }
}
