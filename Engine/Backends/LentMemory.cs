using Interp.Engine.Tensors;

namespace Interp.Engine.Backends;

/// <summary>
/// One block of memory for sessions that run one after another, as large as the largest of them needs: what a session holds in it is lost
/// when another one runs. For one caller at a time.
/// </summary>
internal sealed class LentMemory : IDisposable
{
    private NativeBuffer? _buffer;
    private Session? _holder;

    /// <summary>Whether what a session left there is still there.</summary>
    public bool IsHeldBy(Session session) => _holder == session;

    /// <summary>Gives the memory to a session.</summary>
    /// <returns>Its address, which changes when more is needed.</returns>
    public nint Take(Session session, long bytes)
    {
        if (_buffer is null || _buffer.Bytes < bytes)
        {
            _buffer?.Dispose();
            _buffer = new NativeBuffer(bytes);
        }

        _holder = session;
        return _buffer.Address;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
        _holder = null;
    }
}
