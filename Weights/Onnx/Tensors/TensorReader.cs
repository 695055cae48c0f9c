using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Onnx.Messages;
using Interp.Weights.Onnx.Wire;

namespace Interp.Weights.Onnx.Tensors;

/// <summary>Makes constants of a model's tensors: checks that shape, type and data fit each other; the numbers stay in the file.</summary>
/// <param name="file">The model's file.</param>
/// <param name="external">The files beside it.</param>
internal sealed class TensorReader(ProtoFile file, ExternalData external)
{
    /// <summary>The most elements of a sparse tensor, zeros included: 32 MiB in float64.</summary>
    private const long MaxSparse = 1L << 22;

    private readonly ByteReader _read = file.File.Read;

    /// <summary>Makes a constant.</summary>
    /// <exception cref="ModelException">The tensor contradicts itself, or is of a type that cannot be read.</exception>
    internal GraphTensor Read(TensorProto tensor, string name)
    {
        string what = $"tensor {WeightFile.Quote(name)}";
        if (OnnxTypes.Of(tensor.DataType) is not { } type)
        {
            throw new ModelException($"{what} is of type {ElementFields.NameOf(tensor.DataType)}, which cannot be read; export the model in"
                + " float32");
        }

        if (tensor.IsSegment)
        {
            throw new ModelException($"{what} is stored in segments, which cannot be read; save the model with current tools");
        }

        ImmutableArray<long> shape = Shape(tensor.Dims, what);
        long count = StoredTensor.CountOf(shape.AsSpan())!.Value;
        int field = ElementFields.FieldOf(type);
        if (tensor.Counts.Any(c => c.Key != field && c.Value > 0))
        {
            throw new ModelException($"{what} of type {type.Name} has data in field {tensor.Counts.First(c => c.Key != field).Key},"
                + $" expected field {field} or raw_data; save the model again");
        }

        long typed = tensor.Counts.GetValueOrDefault(field);
        if (tensor.DataLocation is not 0)
        {
            return tensor.DataLocation == 1 && tensor.Raw is null && typed == 0
                ? new RawTensor(type, shape, external.Reader(tensor, what, checked(count * type.Size), out long start), start)
                : throw new ModelException($"{what} has a data_location of {tensor.DataLocation} and data of its own, expected 0 (in this"
                    + " file) or 1 (in another)");
        }

        if (tensor.External is { Count: > 0 })
        {
            throw new ModelException($"{what} names external data, but says that its data are in this file; save the model again");
        }

        if (tensor.Raw is { Length: > 0 } raw)
        {
            return typed > 0 ? throw new ModelException($"{what} has its data twice, as raw_data and as numbers; save the model again")
                : raw.Length == (Int128)count * type.Size ? new RawTensor(type, shape, _read, raw.Position)
                : throw new ModelException($"{what} of shape [{string.Join(',', shape)}] and type {type.Name} has {raw.Length} bytes,"
                    + $" expected {(Int128)count * type.Size}; the file is damaged: fetch or export it again");
        }

        return typed == count ? new TypedTensor(name, type, shape, file, field, [.. tensor.Places])
            : throw new ModelException($"{what} of shape [{string.Join(',', shape)}] has {typed} elements, expected {count}; the file is"
                + " damaged: fetch or export it again");
    }

    /// <summary>Makes a constant of a sparse tensor.</summary>
    /// <exception cref="ModelException">It contradicts itself, or has too many elements.</exception>
    internal GraphTensor Read(SparseTensorProto sparse, string name)
    {
        string what = $"sparse tensor {WeightFile.Quote(name)}";
        ImmutableArray<long> shape = Shape(sparse.Dims, what);
        long count = StoredTensor.CountOf(shape.AsSpan())!.Value;
        if (sparse.Values is null || sparse.Indices is null || shape.IsEmpty)
        {
            throw new ModelException($"{what} lacks values, indices or a shape; the file is damaged: fetch or export it again");
        }

        if (count > MaxSparse)
        {
            throw new ModelException($"{what} has {count} elements, expected at most {MaxSparse}; save it as a dense one");
        }

        GraphTensor values = Read(sparse.Values, name), indices = Read(sparse.Indices, $"{name}.indices");
        long held = values.Count;
        bool flat = indices.Shape.Length == 1;
        ImmutableArray<long> expected = flat ? [held] : [held, shape.Length];
        if (values.Shape.Length != 1 || held > count || !indices.IsInteger || !indices.Shape.SequenceEqual(expected))
        {
            throw new ModelException($"{what} has values of shape [{string.Join(',', values.Shape)}] and indices of shape"
                + $" [{string.Join(',', indices.Shape)}], which do not fit; the file is damaged: fetch or export it again");
        }

        file.Budget.Take(32 * held + 8 * indices.Count);
        return new SparseTensor(values.Type, shape, Places(indices.Read(), (int)held, shape, flat, what), values.Read());
    }

    private static long[] Places(double[] indices, int held, ImmutableArray<long> shape, bool flat, string what)
    {
        ReadOnlySpan<long> sizes = flat ? [StoredTensor.CountOf(shape.AsSpan())!.Value] : shape.AsSpan();
        var places = new long[held];
        for (int i = 0; i < held; i++)
        {
            for (int axis = 0; axis < sizes.Length; axis++)
            {
                double index = indices[i * sizes.Length + axis];
                if (!(index >= 0 && index < sizes[axis]))
                {
                    throw new ModelException($"{what} has an index {index}, expected 0 to {sizes[axis] - 1}");
                }

                places[i] = places[i] * sizes[axis] + (long)index;
            }

            if (i > 0 && places[i] <= places[i - 1])
            {
                throw new ModelException($"{what} has indices that do not ascend; save the model again");
            }
        }

        return places;
    }

    private static ImmutableArray<long> Shape(List<long> dims, string what) =>
        dims.Count > StoredTensor.MaxRank
            ? throw new ModelException($"{what} has {dims.Count} axes, expected at most {StoredTensor.MaxRank}")
        : StoredTensor.CountOf(dims.ToArray()) is null or > long.MaxValue / 16
            ? throw new ModelException($"{what} has a shape of [{string.Join(',', dims)}], which is none; the file is damaged: fetch or"
                + " export it again")
        : [.. dims];
}
