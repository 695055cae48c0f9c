using Interp.Engine.Common;
using Interp.Engine.Tensors;

namespace Interp.Weights.Raw;

/// <summary>A tensor of the table after every check: its data lies inside the file.</summary>
internal readonly record struct TensorSlot(string Name, Shape Shape, DType Type, long Offset, long Length, string Sha256);

/// <summary>The tensor table of a raw tensor folder, checked against the size of its data file.</summary>
internal static class TensorTable
{
    /// <summary>Checks names, types, shapes, lengths, alignment, order and overlap; the file must end with the last tensor.</summary>
    /// <returns>The tensors by name.</returns>
    /// <exception cref="ModelException">An entry is wrong; the message names it.</exception>
    internal static Dictionary<string, TensorSlot> Check(RawDocument document, long fileLength)
    {
        if (document.Tensors.Length is 0 or > RawFormat.MaxTensors)
        {
            throw new ModelException($"{document.Tensors.Length} tensors, expected 1 to {RawFormat.MaxTensors}");
        }

        var slots = new Dictionary<string, TensorSlot>(document.Tensors.Length, StringComparer.Ordinal);
        foreach (RawTensor? entry in document.Tensors)
        {
            TensorSlot slot = Check(entry ?? throw new ModelException("the tensor table holds null"));
            if (!slots.TryAdd(slot.Name, slot))
            {
                throw new ModelException($"two tensors are called '{slot.Name}'");
            }
        }

        long end = 0;
        string before = "the start";
        foreach (TensorSlot slot in slots.Values.OrderBy(s => s.Offset))
        {
            if (slot.Offset < end)
            {
                throw new ModelException($"tensor '{slot.Name}' at byte {slot.Offset} overlaps {before}, which ends at {end}");
            }

            end = checked(slot.Offset + slot.Length);
            before = $"'{slot.Name}'";
        }

        return end == fileLength
            ? slots
            : throw new ModelException($"{RawFormat.TensorFile} has {fileLength} bytes, expected {end}");
    }

    private static TensorSlot Check(RawTensor entry)
    {
        if (!Text.IsName(entry.Name, RawFormat.MaxNameLength))
        {
            throw new ModelException($"unusable tensor name '{Text.OneLine(entry.Name)}'");
        }

        if (DTypes.Parse(entry.Dtype) is not { } type)
        {
            throw new ModelException($"tensor '{entry.Name}': dtype '{Text.OneLine(entry.Dtype)}', expected f32 or f16");
        }

        string shape = Text.OneLine($"[{string.Join(',', entry.Shape)}]");
        if (entry.Shape.Length is 0 or > RawFormat.MaxRank || entry.Shape.Any(d => d < 1))
        {
            throw new ModelException($"tensor '{entry.Name}': shape {shape}, expected 1 to {RawFormat.MaxRank} positive sizes");
        }

        UInt128 bytes = (UInt128)type.Size();
        foreach (int dim in entry.Shape)
        {
            bytes = bytes > long.MaxValue ? bytes : bytes * (uint)dim;
        }

        if (entry.ByteLength < 0 || bytes != (UInt128)entry.ByteLength)
        {
            throw new ModelException(
                $"tensor '{entry.Name}': shape {shape} of {entry.Dtype} takes {bytes} bytes, byte_length is {entry.ByteLength}");
        }

        if (entry.ByteOffset < 0 || entry.ByteOffset % RawFormat.Alignment != 0 || entry.ByteOffset > long.MaxValue - entry.ByteLength)
        {
            throw new ModelException(
                $"tensor '{entry.Name}': byte_offset {entry.ByteOffset}, expected a multiple of {RawFormat.Alignment}");
        }

        return entry.Sha256.Length == 64 && entry.Sha256.All(char.IsAsciiHexDigitLower)
            ? new TensorSlot(entry.Name, new Shape(entry.Shape.AsSpan()), type, entry.ByteOffset, entry.ByteLength, entry.Sha256)
            : throw new ModelException($"tensor '{entry.Name}': sha256 '{Text.OneLine(entry.Sha256)}', expected 64 hexadecimal digits");
    }
}
