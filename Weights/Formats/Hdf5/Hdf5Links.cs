using System.Collections.Immutable;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>Reads the links of a group in the three forms that there are: a symbol table, messages, and a heap of messages.</summary>
internal static class Hdf5Links
{
    private const int MaxDepth = 32;
    private const int GroupNode = 0;

    /// <summary>All links by name.</summary>
    internal static Dictionary<string, Hdf5Link> Read(Hdf5File file, string path, ImmutableArray<Hdf5Message> messages)
    {
        string what = $"group {WeightFile.Quote(path)}";
        var links = new Dictionary<string, Hdf5Link>(StringComparer.Ordinal);
        foreach (Hdf5Message message in messages)
        {
            var cursor = new Hdf5Cursor(file, message.Bytes.Span, what);
            if (message.Kind == Hdf5Message.SymbolTable)
            {
                long tree = cursor.U64();
                ReadNode(file, what, tree, int.MaxValue, ReadHeap(file, what, cursor.U64()), [], links);
            }
            else if (message.Kind == Hdf5Message.Link)
            {
                Add(file, what, links, ReadLink(file, what, message.Bytes.Span));
            }
            else if (message.Kind == Hdf5Message.LinkInfo)
            {
                cursor.Version(0);
                cursor.Skip((cursor.U8() & 1) != 0 ? 8 : 0);
                long heap = cursor.U64();
                long tree = cursor.U64();
                if (heap != Hdf5File.Nowhere)
                {
                    const int HashSize = 4;
                    var objects = new Hdf5FractalHeap(file, heap, what);
                    foreach (byte[] record in Hdf5Tree2.Read(file, tree, what))
                    {
                        Add(file, what, links, ReadLink(file, what, objects.Read(record.AsSpan(Math.Min(HashSize, record.Length)))));
                    }
                }
            }
        }

        return links;
    }

    private static void Add(Hdf5File file, string what, Dictionary<string, Hdf5Link> links, (string Name, Hdf5Link Link) link)
    {
        file.Count(what);
        if (!links.TryAdd(link.Name, link.Link))
        {
            throw file.Damaged($"{what} has {WeightFile.Quote(link.Name)} twice");
        }
    }

    /// <summary>The names of a symbol table, each ended by a zero.</summary>
    private static byte[] ReadHeap(Hdf5File file, string what, long address)
    {
        var cursor = new Hdf5Cursor(file, file.Read(address, 32, what), what);
        cursor.Signature("HEAP"u8);
        cursor.Version(0);
        cursor.Skip(3);
        long size = cursor.U64();
        cursor.Skip(8);
        return file.Read(cursor.U64(), size, what);
    }

    /// <summary>Reads a node of a symbol table's tree and those below it.</summary>
    private static void ReadNode(
        Hdf5File file, string what, long address, int above, byte[] names, HashSet<long> seen, Dictionary<string, Hdf5Link> links)
    {
        const int Head = 24;
        var head = new Hdf5Cursor(file, file.Read(address, Head, what), what);
        head.Signature("TREE"u8);
        int kind = head.U8();
        int level = head.U8();
        int count = head.U16();
        if (kind != GroupNode || level >= above || level > MaxDepth || !seen.Add(address))
        {
            throw file.Damaged($"{what}: its tree is not one");
        }

        var entries = new Hdf5Cursor(file, file.Read(address + Head, 16L * count + 8, what), what);
        for (int i = 0; i < count; i++)
        {
            entries.Skip(8);
            long child = entries.U64();
            if (level > 0)
            {
                ReadNode(file, what, child, level, names, seen, links);
            }
            else if (seen.Add(child))
            {
                ReadTable(file, what, child, names, links);
            }
            else
            {
                throw file.Damaged($"{what}: its tree is not one");
            }
        }
    }

    /// <summary>Reads a leaf: links with the places of their names.</summary>
    private static void ReadTable(Hdf5File file, string what, long address, byte[] names, Dictionary<string, Hdf5Link> links)
    {
        const int Entry = 40;
        const int SoftLink = 2;
        var head = new Hdf5Cursor(file, file.Read(address, 8, what), what);
        head.Signature("SNOD"u8);
        head.Version(1);
        head.Skip(1);
        int count = head.U16();
        var entries = new Hdf5Cursor(file, file.Read(address + 8, (long)Entry * count, what), what);
        for (int i = 0; i < count; i++)
        {
            long place = entries.U64();
            long target = entries.U64();
            bool isSoft = entries.U32() == SoftLink;
            entries.Skip(20);
            var name = new Hdf5Cursor(file, names.AsSpan((int)Math.Min(place, names.Length)), what);
            Add(file, what, links, (name.Text(name.Left), new Hdf5Link(target, isSoft ? "a soft link" : null)));
        }
    }

    private static (string Name, Hdf5Link Link) ReadLink(Hdf5File file, string what, ReadOnlySpan<byte> bytes)
    {
        var cursor = new Hdf5Cursor(file, bytes, what);
        cursor.Version(1);
        int flags = cursor.U8();
        int kind = (flags & 8) != 0 ? cursor.U8() : 0;
        cursor.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0));
        string name = cursor.Text(cursor.Number(1 << (flags & 3)));
        return (name, kind switch
        {
            0 => new Hdf5Link(cursor.U64(), null),
            1 => new Hdf5Link(0, "a soft link"),
            64 => new Hdf5Link(0, "a link to another file"),
            _ => new Hdf5Link(0, "a link of an unknown kind"),
        });
    }
}
