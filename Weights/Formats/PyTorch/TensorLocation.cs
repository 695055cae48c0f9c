using System.Collections.Immutable;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>Where the elements of a tensor lie in the file, once its numbers have been checked.</summary>
internal static class TensorLocation
{
    /// <summary>The place of a tensor of that name, whose storage's position is known.</summary>
    /// <exception cref="Engine.Common.ModelException">It is of a class of its own, its numbers are not usable, or it is not inside its
    /// storage.</exception>
    public static StoredTensor Of(WeightFile file, string name, TorchTensor tensor)
    {
        if (tensor.Class is { } type)
        {
            throw file.Error($"tensor {WeightFile.Quote(name)} is of the class {WeightFile.Quote(type)}, whose values may mean something "
                + "else than a plain tensor's; save it as one (t.as_subclass(torch.Tensor), or what its class has for that)");
        }

        ImmutableArray<long>? shape = Numbers(tensor.Size);
        ImmutableArray<long>? strides = Numbers(tensor.Stride);
        if (shape is not { } sizes || strides is not { } steps || sizes.Length != steps.Length
            || tensor.Offset is not long offset || offset < 0
            || StoredTensor.CountOf(sizes.AsSpan()) is not { } count
            || StoredTensor.SpanOf(sizes.AsSpan(), steps.AsSpan()) is not { } span)
        {
            throw file.Damaged($"the sizes, strides or offset of {WeightFile.Quote(name)} are not usable");
        }

        long available = tensor.View.Bytes / tensor.Type.Size;
        if (count > 0 && (offset > available || span > available - offset))
        {
            throw file.Damaged($"{WeightFile.Quote(name)} of shape [{string.Join(',', sizes)}] needs elements up to " +
                $"{(Int128)offset + span} of a storage of {available}");
        }

        long position = count == 0 ? 0 : tensor.View.Storage.Position + tensor.View.First + offset * tensor.Type.Size;
        return new StoredTensor(name, tensor.Type, position, sizes, count == 0 ? StoredTensor.RowMajor(sizes) : steps);
    }

    private static ImmutableArray<long>? Numbers(object? value)
    {
        IReadOnlyList<object?>? items = value as object?[] ?? (IReadOnlyList<object?>?)(value as List<object?>);
        return items is not null && items.Count <= StoredTensor.MaxRank && items.All(i => i is long) ? [.. items.Cast<long>()] : null;
    }
}
