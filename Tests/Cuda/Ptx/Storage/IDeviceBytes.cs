namespace Interp.Tests.Cuda.Ptx.Storage;

/// <summary>The bytes of a buffer on a device.</summary>
internal interface IDeviceBytes
{
    /// <summary>The address of its first byte, kept or not.</summary>
    ulong Address { get; }

    /// <summary>Writes the first of what is kept.</summary>
    void Fill(ReadOnlySpan<byte> bytes);

    /// <summary>What is kept; fails if it is known that a part was never written.</summary>
    byte[] ToArray();
}
