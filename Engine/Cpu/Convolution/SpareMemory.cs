using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Memory lent to one after the other, so that a program that uses each layer's filters only a few times, such as one that explains a
/// single image, touches the memory of one layer instead of all: getting fresh pages from the system costs several times what
/// transforming the filters does. Several may borrow at once; each then gets memory of its own, of which one block is kept.
/// </summary>
internal sealed class SpareMemory : IDisposable
{
    private readonly Lock _gate = new();
    private NativeBuffer? _free;
    private long _most;

    /// <summary>Says that so many bytes may be borrowed: blocks are made large enough for all.</summary>
    public void Announce(long bytes)
    {
        lock (_gate)
        {
            _most = Math.Max(_most, bytes);
        }
    }

    /// <summary>Lends memory of the largest size announced, with anything in it.</summary>
    public NativeBuffer Borrow()
    {
        lock (_gate)
        {
            if (_free is { } free)
            {
                _free = null;
                if (free.Bytes >= _most)
                {
                    return free;
                }

                free.Dispose();
            }

            return new NativeBuffer(_most);
        }
    }

    /// <summary>Takes memory back.</summary>
    public void Return(NativeBuffer memory)
    {
        lock (_gate)
        {
            _free?.Dispose();
            _free = memory;
        }
    }

    /// <summary>Frees what is not lent.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _free?.Dispose();
            _free = null;
        }
    }
}
