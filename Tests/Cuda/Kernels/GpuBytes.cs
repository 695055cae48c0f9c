using System.Runtime.InteropServices;
using Interp.Cuda.Driver;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>A buffer in a GPU's memory. Copies are of whole words, so it has up to <see cref="Rest"/> bytes more than a test asked for,
/// which must stay as they are.</summary>
internal sealed class GpuBytes : IDeviceBytes, IDisposable
{
    /// <summary>Bytes behind the end.</summary>
    internal const int Rest = 64;

    private const byte Unwritten = 0xCD;
    private readonly CudaStream _stream;
    private readonly DeviceMemory _memory;
    private readonly (long Start, int Count) _kept;

    internal GpuBytes(CudaStream stream, DeviceMemory memory, (long Start, int Count) kept)
    {
        (_stream, _memory, _kept) = (stream, memory, kept);
        byte[] pattern = new byte[Words(kept.Count + Rest) * sizeof(float)];
        pattern.AsSpan().Fill(Unwritten);
        Upload(pattern);
    }

    /// <inheritdoc/>
    public ulong Address => _memory.Address;

    private ulong First => Address + (ulong)_kept.Start;

    /// <inheritdoc/>
    public void Fill(ReadOnlySpan<byte> bytes)
    {
        byte[] all = Download();
        bytes.CopyTo(all);
        Upload(all);
    }

    /// <inheritdoc/>
    public byte[] ToArray()
    {
        byte[] all = Download();
        Assert.IsTrue(all.AsSpan(_kept.Count).IndexOfAnyExcept(Unwritten) < 0, "something was written behind the end of a buffer");
        return all[.._kept.Count];
    }

    public void Dispose() => _memory.Dispose();

    private static int Words(int bytes) => bytes / sizeof(float);

    private void Upload(byte[] bytes) => _stream.Upload(MemoryMarshal.Cast<byte, float>(bytes), First);

    private byte[] Download()
    {
        var words = new float[Words(_kept.Count + Rest)];
        _stream.Download(First, words);
        return MemoryMarshal.AsBytes<float>(words).ToArray();
    }
}
