using System.Text;
using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Weights.Onnx.Wire;

/// <summary>
/// A protobuf file, of which only the parts that are asked for are read, through a window of 64 KiB: parameters are stepped over. It is
/// read, not memory-mapped, as <see cref="WeightFile"/> is: a file that shrinks meanwhile is an error like any other. Not thread-safe.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="budget">What is made of it.</param>
internal sealed class ProtoFile(WeightFile file, ReadBudget budget)
{
    /// <summary>The longest name that is accepted, in bytes.</summary>
    private const int MaxName = 1 << 16;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly byte[] _window = new byte[1 << 16];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private long _start;
    private int _count;

    /// <summary>The file's size in bytes.</summary>
    internal long Length => file.Length;

    /// <summary>What is made of the file.</summary>
    internal ReadBudget Budget => budget;

    /// <summary>The file itself.</summary>
    internal WeightFile File => file;

    /// <summary>Some bytes from a position on, at least <paramref name="wanted"/> (up to 64 KiB) where the file has them.</summary>
    internal ReadOnlySpan<byte> At(long position, int wanted)
    {
        if (position < _start || position + Math.Min(wanted, file.Length - position) > _start + _count)
        {
            _count = (int)Math.Min(_window.Length, file.Length - position);
            _start = position;
            file.Read(position, _window.AsSpan(0, _count));
        }

        return _window.AsSpan((int)(position - _start), _count - (int)(position - _start));
    }

    /// <summary>A number in protobuf's base 128, and the position behind it.</summary>
    /// <param name="position">Where it is.</param>
    /// <param name="end">Where its message ends.</param>
    internal ulong Varint(ref long position, long end)
    {
        ReadOnlySpan<byte> bytes = At(position, 10);
        ulong value = 0;
        for (int i = 0; i < 10 && i < bytes.Length && position + i < end; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                position += i + 1;
                return value;
            }
        }

        throw end == file.Length && end - position < 10 ? Truncated(position) : Damaged($"has no number at byte {position}");
    }

    /// <summary>The same text for the same bytes. Names are kept once, however often a file repeats them.</summary>
    /// <exception cref="ModelException">It is no UTF-8, or too long.</exception>
    internal string Name(long position, long length)
    {
        if (length > MaxName)
        {
            throw Damaged($"has a name of {length} bytes at byte {position}, expected at most {MaxName}");
        }

        Span<char> text = length <= 512 ? stackalloc char[512] : new char[length];
        try
        {
            text = text[..Strict.GetChars(At(position, (int)length)[..(int)length], text)];
        }
        catch (DecoderFallbackException)
        {
            throw Damaged($"has a name at byte {position} that is no UTF-8 text");
        }

        Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> known = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(text, out string? name))
        {
            budget.Take(2L * text.Length + 120);
            name = new string(text);
            _names.Add(name, name);
        }

        return name;
    }

    /// <summary>Text of any kind, which need not be UTF-8; nothing is kept.</summary>
    internal string Text(long position, long length)
    {
        budget.Take(4 * length + 50);
        var bytes = new byte[length];
        file.Read(position, bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The file ends too early.</summary>
    internal ModelException Truncated(long position) =>
        file.Error($"ends within the field at byte {position}, after {file.Length} bytes in all; it is truncated: fetch or save it again");

    /// <summary>The file contradicts itself.</summary>
    internal ModelException Damaged(string what) => file.Damaged(what);
}
