using System.Collections.Concurrent;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Examples;

/// <param name="File">Place of the file in the list.</param>
/// <param name="Part">Place in the file, 0 where there is only one.</param>
/// <param name="Index">The same, or null where there is only one.</param>
/// <param name="Input">The image.</param>
internal sealed record ReadImage(int File, int Part, int? Index, NetworkInput Input);

/// <summary>Reads images on a thread of its own while others are worked on. Few wait at a time, so that memory stays bounded.</summary>
internal sealed class ReadAhead : IDisposable
{
    private readonly BlockingCollection<ReadImage> _waiting;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reader;

    /// <param name="inputs">The files.</param>
    /// <param name="network">For its preprocessing.</param>
    /// <param name="first">The file to begin with.</param>
    /// <param name="mostWaiting">The most images that wait.</param>
    internal ReadAhead(InputList inputs, Network network, int first, int mostWaiting)
    {
        _waiting = new BlockingCollection<ReadImage>(mostWaiting);
        _reader = Task.Run(() =>
        {
            try
            {
                inputs.ForEach(network, (i, input, part) => _waiting.Add(new ReadImage(i, part ?? 0, part, input), _stop.Token), first);
            }
            finally
            {
                _waiting.CompleteAdding();
            }
        });
    }

    /// <summary>The images in order; a failure of the reader is thrown at the end.</summary>
    internal IEnumerable<ReadImage> Images()
    {
        foreach (ReadImage image in _waiting.GetConsumingEnumerable())
        {
            yield return image;
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
