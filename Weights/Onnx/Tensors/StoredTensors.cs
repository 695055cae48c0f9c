using System.Collections.Immutable;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Weights.Onnx.Tensors;

/// <summary>Fills the destination with bytes from a position on.</summary>
internal delegate void ByteReader(long position, Span<byte> destination);

/// <summary>A tensor whose elements lie one after another in a file, little-endian; they are read when they are asked for.</summary>
internal sealed class RawTensor(ElementType type, ImmutableArray<long> shape, ByteReader read, long position) : GraphTensor(type, shape)
{
    /// <inheritdoc/>
    internal override void Read(long first, Span<double> into) =>
        Type.Read((at, bytes) => read(position + at * Type.Size, bytes), first, into);
}

/// <summary>
/// A tensor of which only the values that are not zero are held, with their places in row-major order, ascending; all others are zero.
/// </summary>
internal sealed class SparseTensor(ElementType type, ImmutableArray<long> shape, long[] places, double[] values) : GraphTensor(type, shape)
{
    /// <inheritdoc/>
    internal override void Read(long first, Span<double> into)
    {
        into.Clear();
        int found = Array.BinarySearch(places, first);
        for (int i = found < 0 ? ~found : found; i < places.Length && places[i] < first + into.Length; i++)
        {
            into[(int)(places[i] - first)] = values[i];
        }
    }
}
