using System.Collections.Concurrent;
using Interp.Engine.Imaging;

namespace Interp.Cli.Examples;

/// <param name="File">Place of the file in the list.</param>
/// <param name="Part">Place in the file, 0 where there is only one.</param>
/// <param name="Index">The same, or null where there is only one.</param>
/// <param name="Input">The image.</param>
internal sealed record ReadImage(int File, int Part, int? Index, NetworkInput Input);

/// <summary>Reads images on a thread of its own while others are worked on. Few wait at a time, so that memory stays bounded.</summary>
/// <typeparam name="T">What is made of an image.</typeparam>
internal sealed class ReadAhead<T> : IDisposable
{
    private readonly BlockingCollection<T> _waiting;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reader;

    /// <param name="read">Reads all images and hands on what is made of each.</param>
    /// <param name="mostWaiting">The most images that wait.</param>
    internal ReadAhead(Action<Action<T>> read, int mostWaiting)
    {
        _waiting = new BlockingCollection<T>(mostWaiting);
        _reader = Task.Run(() =>
        {
            try
            {
                read(image => _waiting.Add(image, _stop.Token));
            }
            finally
            {
                _waiting.CompleteAdding();
            }
        });
    }

    /// <summary>The images in order; a failure of the reader is thrown at the end.</summary>
    internal IEnumerable<T> Images()
    {
        foreach (T image in _waiting.GetConsumingEnumerable())
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
