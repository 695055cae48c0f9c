using System.Runtime.InteropServices;
using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Ptx.Storage;

/// <summary>A buffer or a variable: its bytes, and which of them have been written.</summary>
/// <param name="name">Its name, for messages.</param>
/// <param name="space">The state space that it lies in.</param>
/// <param name="address">The address of its first byte.</param>
/// <param name="length">Its size in bytes.</param>
/// <param name="kept">The bytes that are kept; an access to others is an error. For buffers larger than a test wants to fill.</param>
internal class MemoryWindow(string name, StateSpace space, ulong address, long length, (long Start, int Count) kept) : IDeviceBytes
{
    private readonly byte[] _bytes = new byte[kept.Count];
    private readonly byte[] _written = new byte[kept.Count];

    internal MemoryWindow(string name, StateSpace space, ulong address, int length)
        : this(name, space, address, length, (0, length))
    {
    }

    internal string Name => name;

    internal StateSpace Space => space;

    /// <inheritdoc/>
    public ulong Address => address;

    /// <summary>Where an access begins in what is kept.</summary>
    internal int Locate(ulong at, int size)
    {
        long first = (long)(at - address);
        if (first < 0 || first + size > length)
        {
            throw new PtxFault(FaultKind.OutOfBounds, $"{size} bytes at byte {first} of '{name}', which has {length}");
        }

        if (at % (ulong)size != 0)
        {
            throw new PtxFault(FaultKind.Misaligned, $"{size} bytes at byte {first} of '{name}', no multiple of {size}");
        }

        return first >= kept.Start && first + size <= kept.Start + kept.Count
            ? (int)(first - kept.Start)
            : throw new PtxFault(
                FaultKind.OutOfBounds,
                $"{size} bytes at byte {first} of '{name}', beside the {kept.Count} from byte {kept.Start} on that are kept of it");
    }

    internal virtual ulong Read(PtxThread thread, int at, int size, bool nonCoherent)
    {
        ReadOnlySpan<byte> written = _written.AsSpan(at, size);
        return written.Contains((byte)0) ? throw NeverWritten(at + written.IndexOf((byte)0)) : Peek(at, size);
    }

    internal virtual void Write(PtxThread thread, int at, int size, ulong value)
    {
        MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value))[..size].CopyTo(_bytes.AsSpan(at));
        _written.AsSpan(at, size).Fill(1);
    }

    /// <inheritdoc/>
    public void Fill(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes);
        _written.AsSpan(0, bytes.Length).Fill(1);
    }

    /// <inheritdoc/>
    public byte[] ToArray()
    {
        int missing = _written.IndexOf((byte)0);
        return missing < 0 ? [.. _bytes] : throw NeverWritten(missing);
    }

    /// <summary>Forgets what it holds.</summary>
    internal virtual void Clear() => Array.Clear(_written);

    protected ulong Peek(int at, int size)
    {
        ulong value = 0;
        _bytes.AsSpan(at, size).CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref value)));
        return value;
    }

    private PtxFault NeverWritten(int at) => new(FaultKind.UninitializedMemory, $"byte {kept.Start + at} of '{name}' was never written");
}
