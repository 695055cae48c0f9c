using System.Collections.Immutable;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>One message of an object header.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Bytes">Its content.</param>
internal readonly record struct Hdf5Message(int Kind, ReadOnlyMemory<byte> Bytes)
{
    internal const int Dataspace = 0x01;
    internal const int LinkInfo = 0x02;
    internal const int Datatype = 0x03;
    internal const int Link = 0x06;
    internal const int ExternalFiles = 0x07;
    internal const int Layout = 0x08;
    internal const int Filters = 0x0B;
    internal const int Attribute = 0x0C;
    internal const int Continuation = 0x10;
    internal const int SymbolTable = 0x11;
    internal const int AttributeInfo = 0x15;
}

/// <summary>The messages of an object: a group's or a dataset's.</summary>
internal static class Hdf5Header
{
    private const int MaxBlocks = 10_000;
    private const int Shared = 2;

    /// <summary>Reads all messages of the object at an address.</summary>
    /// <param name="file">The file.</param>
    /// <param name="address">Where its header lies.</param>
    /// <param name="name">The object, for messages.</param>
    internal static ImmutableArray<Hdf5Message> Read(Hdf5File file, long address, string name)
    {
        file.Count(name);
        string what = $"the header of {WeightFile.Quote(name)}";
        file.Require(address, 16, what);
        byte[] head = file.Read(address, Math.Min(64, file.Length - address), what);
        var cursor = new Hdf5Cursor(file, head, what);
        var messages = ImmutableArray.CreateBuilder<Hdf5Message>();
        var blocks = new Queue<(long Address, long Size)>();
        int flags = 0;
        bool isNew = head.AsSpan().StartsWith("OHDR"u8);
        if (isNew)
        {
            cursor.Skip(4);
            cursor.Version(2);
            flags = cursor.U8();
            cursor.Skip(((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0));
            long size = cursor.Number(1 << (flags & 3));
            blocks.Enqueue((address + cursor.Position, size));
        }
        else
        {
            cursor.Version(1);
            cursor.Skip(7);
            long size = cursor.U32();
            blocks.Enqueue((address + 16, size));
        }

        for (int count = 0; blocks.TryDequeue(out (long Address, long Size) block); count++)
        {
            if (count == MaxBlocks)
            {
                throw file.Damaged($"{what} has more than {MaxBlocks} parts");
            }

            byte[] bytes = file.Read(block.Address, block.Size, what);
            ReadOnlyMemory<byte> rest = bytes;
            if (isNew && count > 0)
            {
                rest = ReadOuter(file, bytes, what);
            }

            ReadBlock(file, rest, isNew, flags, what, messages, blocks);
        }

        return messages.ToImmutable();
    }

    /// <summary>A continuation of a new header: OCHK before the messages, a checksum after them.</summary>
    private static ReadOnlyMemory<byte> ReadOuter(Hdf5File file, byte[] bytes, string what)
    {
        var cursor = new Hdf5Cursor(file, bytes, what);
        cursor.Signature("OCHK"u8);
        cursor.Skip(Math.Max(0, cursor.Left - 4));
        return bytes.AsMemory(4, cursor.Position - 4);
    }

    private static void ReadBlock(
        Hdf5File file, ReadOnlyMemory<byte> block, bool isNew, int flags, string what, ImmutableArray<Hdf5Message>.Builder messages,
        Queue<(long Address, long Size)> blocks)
    {
        var cursor = new Hdf5Cursor(file, block.Span, what);
        int least = isNew ? ((flags & 4) != 0 ? 6 : 4) : 8;
        while (cursor.Left >= least)
        {
            file.Count(what);
            int kind = isNew ? cursor.U8() : cursor.U16();
            int size = cursor.U16();
            int marks = cursor.U8();
            cursor.Skip(isNew ? least - 4 : 3);
            int at = cursor.Position;
            cursor.Skip(size);
            ReadOnlyMemory<byte> content = block.Slice(at, size);
            if (kind == Hdf5Message.Continuation)
            {
                var next = new Hdf5Cursor(file, content.Span, what);
                blocks.Enqueue((next.U64(), next.U64()));
            }
            else if ((marks & Shared) == 0)
            {
                messages.Add(new Hdf5Message(kind, content));
            }
            else if (kind is Hdf5Message.Dataspace or Hdf5Message.Datatype or Hdf5Message.Layout or Hdf5Message.Filters
                or Hdf5Message.Attribute)
            {
                throw file.Error($"{what} shares message {kind} with another object, which is not read; save the model again");
            }
        }
    }
}
