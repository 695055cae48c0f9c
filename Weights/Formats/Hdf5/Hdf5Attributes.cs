using System.Collections.Immutable;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>The attributes of a group or a dataset, of which texts and lists of texts are read.</summary>
internal sealed class Hdf5Attributes
{
    private readonly Hdf5File _file;
    private readonly string _path;
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

    internal Hdf5Attributes(Hdf5File file, string path, ImmutableArray<Hdf5Message> messages)
    {
        _file = file;
        _path = path;
        foreach (Hdf5Message message in messages)
        {
            if (message.Kind == Hdf5Message.Attribute)
            {
                Add(message.Bytes);
            }
            else if (message.Kind == Hdf5Message.AttributeInfo)
            {
                AddMany(message.Bytes.Span);
            }
        }
    }

    /// <summary>The names of all attributes.</summary>
    internal IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>An attribute that is one text, or null where there is none of that name.</summary>
    /// <exception cref="Engine.Common.ModelException">It is something else.</exception>
    internal string? Text(string name) => !_values.ContainsKey(name) ? null
        : Texts(name) is [var text] ? text
        : throw _file.Error($"its attribute {WeightFile.Quote(name)} of {WeightFile.Quote(_path)} is not one text");

    /// <summary>An attribute that is a list of texts, or null where there is none of that name. An empty list may be of any type.
    /// </summary>
    /// <inheritdoc cref="Text"/>
    internal ImmutableArray<string>? Texts(string name)
    {
        if (!_values.TryGetValue(name, out Value? value))
        {
            return null;
        }

        string what = $"attribute {WeightFile.Quote(name)} of {WeightFile.Quote(_path)}";
        long count = StoredTensor.CountOf(value.Shape.AsSpan())!.Value;
        if (count == 0)
        {
            return [];
        }

        if (!value.Type.IsText && !value.Type.IsVariableText)
        {
            throw _file.Error($"its {what} holds {value.Type.Words}, expected text");
        }

        var cursor = new Hdf5Cursor(_file, value.Data.Span, what);
        var texts = ImmutableArray.CreateBuilder<string>();
        for (long i = 0; i < count; i++)
        {
            _file.Count(what);
            texts.Add(value.Type.IsText ? cursor.Text(value.Type.Size) : ReadVariable(cursor.U32(), cursor.U64(), cursor.U32(), what));
        }

        return texts.ToImmutable();
    }

    /// <summary>A text that lies in a heap, which holds the objects of many attributes.</summary>
    private string ReadVariable(long length, long address, uint index, string what)
    {
        if (length == 0 || address is 0 or Hdf5File.Nowhere)
        {
            return "";
        }

        const int Head = 16;
        var head = new Hdf5Cursor(_file, _file.Read(address, Head, what), what);
        head.Signature("GCOL"u8);
        head.Version(1);
        head.Skip(3);
        long end = head.U64();
        for (long at = Head; at <= end - Head;)
        {
            var item = new Hdf5Cursor(_file, _file.Read(address + at, Head, what), what);
            int found = item.U16();
            item.Skip(6);
            long size = item.U64();
            if (found == index)
            {
                return new Hdf5Cursor(_file, _file.Read(address + at + Head, Math.Min(size, length), what), what).Text(Math.Min(size, length));
            }

            if (found == 0 || size > end)
            {
                break;
            }

            at += Head + (size + 7 & ~7L);
        }

        throw _file.Damaged($"{what} is not where it is said to be");
    }

    private void AddMany(ReadOnlySpan<byte> bytes)
    {
        string what = $"the attributes of {WeightFile.Quote(_path)}";
        var cursor = new Hdf5Cursor(_file, bytes, what);
        cursor.Version(0);
        cursor.Skip((cursor.U8() & 1) != 0 ? 2 : 0);
        long heap = cursor.U64();
        if (heap == Hdf5File.Nowhere)
        {
            return;
        }

        var objects = new Hdf5FractalHeap(_file, heap, what);
        foreach (byte[] record in Hdf5Tree2.Read(_file, cursor.U64(), what))
        {
            Add(objects.Read(record));
        }
    }

    private void Add(ReadOnlyMemory<byte> message)
    {
        string what = $"an attribute of {WeightFile.Quote(_path)}";
        _file.Count(what);
        var cursor = new Hdf5Cursor(_file, message.Span, what);
        int version = cursor.U8();
        int flags = cursor.U8();
        int nameSize = cursor.U16();
        int typeSize = cursor.U16();
        int spaceSize = cursor.U16();
        cursor.Skip(version == 3 ? 1 : 0);
        if (version is < 1 or > 3 || version > 1 && (flags & 3) != 0)
        {
            throw _file.Error($"{what} is of version {version} with flags {flags}, which is not read; save the model again");
        }

        string name = cursor.Text(nameSize);
        Pad(ref cursor, version, nameSize);
        var type = Hdf5Type.Read(_file, cursor.Take(typeSize), what);
        Pad(ref cursor, version, typeSize);
        ImmutableArray<long> shape = Hdf5Space.Read(_file, cursor.Take(spaceSize), what);
        Pad(ref cursor, version, spaceSize);
        Int128 size = (Int128)StoredTensor.CountOf(shape.AsSpan())!.Value * type.Size;
        int start = cursor.Position;
        cursor.Skip((long)Int128.Min(size, int.MaxValue));
        if (!_values.TryAdd(name, new Value(type, shape, message.Slice(start, (int)size))))
        {
            throw _file.Damaged($"{what}, {WeightFile.Quote(name)}, is there twice");
        }
    }

    /// <summary>In version 1 each part is padded to a multiple of 8 bytes.</summary>
    private static void Pad(ref Hdf5Cursor cursor, int version, int size) => cursor.Skip(version == 1 ? -size & 7 : 0);

    private sealed record Value(Hdf5Type Type, ImmutableArray<long> Shape, ReadOnlyMemory<byte> Data);
}
