using System.Buffers.Binary;
using System.Text;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>
/// The table of a zip archive, and where its uncompressed entries lie in the file: PyTorch stores its tensors so, to read them in place.
/// Knows ZIP64. Checksums are not compared: <c>torch.save</c> can be told to leave them out. <see cref="ZipUnpacker"/> makes an archive
/// with compressed entries into one without.
/// </summary>
internal sealed class ZipDirectory
{
    private const int MaxBytes = 16 << 20;
    private const int Stored = 0;
    private const int Deflated = 8;
    private const int EndSize = 22;
    private const int EntrySize = 46;
    private const int LocalSize = 30;
    private const uint EndSignature = 0x06054B50;
    private const uint End64Signature = 0x06064B50;
    private const uint Locator64Signature = 0x07064B50;
    private const uint EntrySignature = 0x02014B50;
    private const uint LocalSignature = 0x04034B50;

    private readonly WeightFile _file;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _start;

    private ZipDirectory(WeightFile file) => _file = file;

    /// <summary>The names of all entries.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Whether an entry is compressed.</summary>
    public bool IsPacked(string name) => _entries[name].Method != Stored;

    /// <summary>Size of an entry's content in bytes, as the table says.</summary>
    public long SizeOf(string name) => _entries[name].Size;

    /// <summary>Checks that an entry can be unpacked.</summary>
    /// <exception cref="Engine.Common.ModelException">It is encrypted, or compressed in an unusual way.</exception>
    public void RequireReadable(string name)
    {
        Entry entry = _entries[name];
        if ((entry.Flags & 1) != 0 || entry.Method is not (Stored or Deflated))
        {
            string how = (entry.Flags & 1) != 0 ? "is encrypted" : $"is compressed by method {entry.Method}";
            throw _file.Error($"its entry {WeightFile.Quote(name)} {how}, expected stored or deflated data; unpack it and pack it again "
                + "with zip -0");
        }
    }

    /// <summary>Whether a file that starts with these bytes is a zip archive.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.StartsWith("PK\x03\x04"u8);

    /// <summary>The names of all entries of a file; none if it is no zip archive, or a damaged one.</summary>
    /// <param name="file">The file.</param>
    /// <param name="head">Its first bytes.</param>
    public static IReadOnlyCollection<string> NamesIn(WeightFile file, ReadOnlySpan<byte> head)
    {
        try
        {
            return Matches(head) ? Read(file).Names : [];
        }
        catch (Engine.Common.ModelException)
        {
            return []; // Whoever reads it says what is wrong with it.
        }
    }

    /// <summary>Reads an archive's table.</summary>
    /// <exception cref="Engine.Common.ModelException">The table is missing, damaged or larger than any weight file's.</exception>
    public static ZipDirectory Read(WeightFile file)
    {
        var zip = new ZipDirectory(file);
        (long start, long size, long count) = zip.FindTable();
        if (size > MaxBytes || start > file.Length - size || count > size / EntrySize)
        {
            throw file.Error($"its zip directory is said to have {count} entries in {size} bytes at byte {start}, which does not fit; " +
                "the file is truncated or damaged: fetch or save it again");
        }

        zip._start = start;
        var table = new byte[size];
        file.Read(start, table);
        ReadOnlySpan<byte> rest = table;
        for (long i = 0; i < count; i++)
        {
            rest = rest[zip.ReadEntry(rest)..];
        }

        return zip;
    }

    /// <summary>Position and size of an entry's data, or null if there is no such entry.</summary>
    /// <exception cref="Engine.Common.ModelException">The entry is encrypted, or does not lie inside the file as it is.</exception>
    public (long Position, long Size)? Locate(string name)
    {
        if (!_entries.TryGetValue(name, out Entry entry))
        {
            return null;
        }

        string quoted = WeightFile.Quote(name);
        RequireReadable(name);
        if (entry.Size != entry.StoredSize)
        {
            throw _file.Damaged($"its entry {quoted} is said to be stored in {entry.StoredSize} of {entry.Size} bytes");
        }

        Span<byte> local = stackalloc byte[LocalSize];
        if (entry.Header <= _start - LocalSize)
        {
            _file.Read(entry.Header, local);
            long position = entry.Header + LocalSize + U16(local, 26) + U16(local, 28);
            if (U32(local, 0) == LocalSignature && U16(local, 8) == 0 && position <= _start && entry.Size <= _start - position)
            {
                return (position, entry.Size);
            }
        }

        throw _file.Damaged($"its entry {quoted} of {entry.Size} bytes does not lie where the zip directory says");
    }

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    /// <summary>An unsigned 64-bit number; one with the top bit set becomes the largest, which fits in no file.</summary>
    private static long U64(ReadOnlySpan<byte> bytes, int at) =>
        (long)Math.Min(long.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]));

    /// <summary>Start, size and number of entries of the central directory, from the record at the end of the file.</summary>
    private (long Start, long Size, long Count) FindTable()
    {
        var tail = new byte[Math.Min(_file.Length, EndSize + ushort.MaxValue)];
        _file.Read(_file.Length - tail.Length, tail);
        for (int at = tail.Length - EndSize; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(at);
            if (U32(end, 0) == EndSignature && U16(end, 20) == end.Length - EndSize)
            {
                return FindTable64(_file.Length - end.Length) ?? (U32(end, 16), U32(end, 12), U16(end, 10));
            }
        }

        throw _file.Error("has no zip directory at its end; it is truncated: fetch or save it again");
    }

    /// <summary>The same from the ZIP64 record that a locator before the end record points to, or null if there is none.</summary>
    private (long Start, long Size, long Count)? FindTable64(long end)
    {
        Span<byte> record = stackalloc byte[56];
        Span<byte> locator = record[..20];
        if (end < locator.Length)
        {
            return null;
        }

        _file.Read(end - locator.Length, locator);
        if (U32(locator, 0) != Locator64Signature)
        {
            return null;
        }

        long at = U64(locator, 8);
        if (at <= end - record.Length)
        {
            _file.Read(at, record);
            if (U32(record, 0) == End64Signature)
            {
                return (U64(record, 48), U64(record, 40), U64(record, 32));
            }
        }

        throw _file.Damaged("its ZIP64 directory is not where the file says");
    }

    /// <summary>Reads the entry at the start of the table's rest; returns its length.</summary>
    private int ReadEntry(ReadOnlySpan<byte> rest)
    {
        int name = rest.Length < EntrySize || U32(rest, 0) != EntrySignature ? -1 : U16(rest, 28);
        int length = name < 0 ? int.MaxValue : EntrySize + name + U16(rest, 30) + U16(rest, 32);
        if (length > rest.Length)
        {
            throw _file.Error("its zip directory is damaged: fetch or save the file again");
        }

        var entry = new Entry(U16(rest, 8), U16(rest, 10), U32(rest, 20), U32(rest, 24), U32(rest, 42));
        string text = Encoding.UTF8.GetString(rest.Slice(EntrySize, name));
        entry = WithZip64(entry, rest.Slice(EntrySize + name, U16(rest, 30)));
        if (!_entries.TryAdd(text, entry))
        {
            throw _file.Damaged($"its zip directory names {WeightFile.Quote(text)} twice");
        }

        return length;
    }

    /// <summary>Replaces the fields that are all ones by those of the ZIP64 extra field, in which only these follow each other.</summary>
    private Entry WithZip64(Entry entry, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int id = U16(extra, 0);
            int size = Math.Min(U16(extra, 2), extra.Length - 4);
            ReadOnlySpan<byte> field = extra.Slice(4, size);
            extra = extra[(4 + size)..];
            if (id != 1)
            {
                continue;
            }

            try
            {
                int at = 0;
                long Next(long value, ReadOnlySpan<byte> from)
                {
                    if (value != uint.MaxValue)
                    {
                        return value;
                    }

                    at += 8;
                    return U64(from, at - 8);
                }

                long full = Next(entry.Size, field);
                long stored = Next(entry.StoredSize, field);
                return entry with { Size = full, StoredSize = stored, Header = Next(entry.Header, field) };
            }
            catch (ArgumentOutOfRangeException e)
            {
                throw _file.Error("its zip directory is damaged (ZIP64 sizes): fetch or save the file again", e);
            }
        }

        return entry;
    }

    /// <summary>What the directory says of an entry; sizes and the position of its header in bytes.</summary>
    private readonly record struct Entry(int Flags, int Method, long StoredSize, long Size, long Header);
}
