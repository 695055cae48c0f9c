using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Interp.Engine.Arithmetic;

/// <summary>
/// Variations of one image, each stated by a few numbers, so that a backend may make them where its sessions read them from what they share
/// and these numbers alone: by labels of pixels, by enlarged grids, by boxes. It gives the bits of <see cref="Make"/>.
/// </summary>
/// <param name="image">The image, <c>[C,H,W]</c>; nobody changes what is given here.</param>
/// <param name="fill">What stands where the image does not, as large; empty for zeros.</param>
/// <param name="layout">What the numbers are numbers of: labels of pixels, sizes of grids.</param>
internal abstract class MaskedImages(float[] image, float[] fill, int[] layout)
{
    private byte[]? _shared;

    /// <summary>The image.</summary>
    internal float[] Image => image;

    /// <summary>What stands where the image does not; empty for zeros.</summary>
    internal float[] Fill => fill;

    /// <summary>What the numbers are numbers of.</summary>
    internal int[] Layout => layout;

    /// <summary>H·W.</summary>
    internal abstract int Plane { get; }

    /// <summary>What states one of them: as many numbers for each.</summary>
    internal abstract float[] Numbers(int index);

    /// <summary>Makes one of them on the host; several threads may at once.</summary>
    /// <param name="index">Which.</param>
    /// <param name="input">Takes it.</param>
    internal abstract void Make(int index, Span<float> input);

    /// <summary>The first half of a SHA-256 of all that one of them depends on.</summary>
    internal UInt128 Key(int index)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (_shared is null)
        {
            hash.AppendData(MemoryMarshal.AsBytes(GetType().Name.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(image.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(fill.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(layout.AsSpan()));
            _shared = hash.GetHashAndReset();
        }

        hash.AppendData(_shared);
        hash.AppendData(MemoryMarshal.AsBytes(Numbers(index).AsSpan()));
        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }
}
