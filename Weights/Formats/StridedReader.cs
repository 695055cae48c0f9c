using System.Runtime.InteropServices;
using Interp.Engine.Tensors;

namespace Interp.Weights.Formats;

/// <summary>
/// Gathers a tensor that does not lie in row-major order from a copy of the stretch of the file that it covers, held in native memory:
/// a transposed matrix would otherwise need one file access per element.
/// </summary>
internal sealed unsafe class StridedReader : IDisposable
{
    private readonly StoredTensor _tensor;
    private readonly NativeBuffer _stretch;

    /// <summary>Copies the stretch of the file. The tensor's span is at least 1 element and lies inside the file.</summary>
    public StridedReader(WeightFile file, StoredTensor tensor)
    {
        _tensor = tensor;
        long bytes = StoredTensor.SpanOf(tensor.Shape.AsSpan(), tensor.Strides.AsSpan())!.Value * tensor.Type.Size;
        _stretch = new NativeBuffer(bytes);
        try
        {
            for (long done = 0; done < bytes;)
            {
                int part = (int)Math.Min(bytes - done, 1 << 24);
                file.Read(tensor.Position + done, new Span<byte>((byte*)_stretch.Address + done, part));
                done += part;
            }
        }
        catch
        {
            _stretch.Dispose();
            throw;
        }
    }

    /// <summary>The tensor that is read.</summary>
    public StoredTensor Tensor => _tensor;

    /// <summary>Copies elements, from one position of the row-major order on, into a buffer without gaps.</summary>
    public void Read(long first, Span<byte> destination)
    {
        switch (_tensor.Type.Size)
        {
            case 1:
                Gather(first, destination);
                break;
            case 2:
                Gather(first, MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case 4:
                Gather(first, MemoryMarshal.Cast<byte, uint>(destination));
                break;
            default:
                Gather(first, MemoryMarshal.Cast<byte, ulong>(destination));
                break;
        }
    }

    /// <summary>Frees the copy.</summary>
    public void Dispose() => _stretch.Dispose();

    private void Gather<T>(long first, Span<T> destination)
        where T : unmanaged
    {
        ReadOnlySpan<long> shape = _tensor.Shape.AsSpan();
        ReadOnlySpan<long> strides = _tensor.Strides.AsSpan();
        Span<long> index = stackalloc long[shape.Length];
        int last = shape.Length - 1;
        for (int axis = last; axis >= 0; axis--)
        {
            (first, index[axis]) = Math.DivRem(first, shape[axis]);
        }

        while (!destination.IsEmpty)
        {
            long offset = 0;
            for (int axis = 0; axis <= last; axis++)
            {
                offset += index[axis] * strides[axis];
            }

            T* source = (T*)_stretch.Address + offset;
            int run = (int)Math.Min(destination.Length, shape[last] - index[last]);
            for (int i = 0; i < run; i++)
            {
                destination[i] = source[i * strides[last]];
            }

            destination = destination[run..];
            index[last] += run;
            for (int axis = last; axis > 0 && index[axis] == shape[axis]; axis--)
            {
                index[axis] = 0;
                index[axis - 1]++;
            }
        }
    }
}
