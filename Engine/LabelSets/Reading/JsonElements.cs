using System.Text;
using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>
/// Goes through a JSON file of any length an element at a time: those of the arrays of its outermost object. Memory is that of the largest
/// element. <c>NaN</c> and <c>Infinity</c>, which Python writes and JSON does not have, are shown as a number that is out of any range.
/// </summary>
internal static class JsonElements
{
    private const int LargestElement = 1 << 28;

    /// <summary>Strings of Python for what is no number, and what stands for them: no coordinate is so large.</summary>
    private static readonly (byte[] From, byte[] To)[] s_literals =
        [("Infinity"u8.ToArray(), "9e99    "u8.ToArray()), ("NaN"u8.ToArray(), "9e9"u8.ToArray())];

    /// <summary>How elements are read: comments and commas at ends of lists are allowed.</summary>
    public static JsonDocumentOptions DocumentOptions { get; } =
        new() { MaxDepth = 64, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <inheritdoc cref="DocumentOptions"/>
    public static JsonReaderOptions ReaderOptions { get; } =
        new() { MaxDepth = 64, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>An element.</summary>
    /// <param name="array">The array's name.</param>
    /// <param name="element">Its text.</param>
    /// <param name="offset">Where in the file it begins.</param>
    public delegate void Use(string array, ReadOnlySpan<byte> element, long offset);

    /// <summary>Reads a file through.</summary>
    /// <param name="path">The file.</param>
    /// <param name="use">Takes each element.</param>
    /// <exception cref="InputException">It is no JSON, ends too early, or an element is larger than 256 MiB.</exception>
    public static void Walk(string path, Use use) => InputFile.Read(path, "a JSON file", stream =>
    {
        try
        {
            new Walker(stream, use).Run();
            return true;
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: is no JSON, or is cut off: {JsonText.Reason(e)}", e);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
    }, CancellationToken.None);

    /// <summary>An element that was met before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="length">Its bytes.</param>
    /// <exception cref="InputException">The file has changed.</exception>
    public static JsonDocument Read(string path, long offset, int length) => InputFile.Read(path, "a JSON file", stream =>
    {
        try
        {
            var bytes = new byte[length];
            stream.Position = offset;
            stream.ReadExactly(bytes);
            Replace(bytes, true);
            return JsonDocument.Parse(bytes, DocumentOptions);
        }
        catch (Exception e) when (e is JsonException or EndOfStreamException)
        {
            throw new InputException($"{path}: has changed since it was opened", e);
        }
    }, CancellationToken.None);

    /// <summary>A whole file that is read at once.</summary>
    /// <param name="folder">The set's folder.</param>
    /// <param name="file">The file.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <exception cref="InputException">It cannot be read, or is no JSON.</exception>
    public static JsonDocument Document(LabelFolder folder, string file, int most)
    {
        byte[] bytes = folder.Bytes(file, most);
        Replace(bytes, isLast: true);
        try
        {
            return JsonDocument.Parse(bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0), DocumentOptions);
        }
        catch (JsonException e)
        {
            throw new InputException($"{folder.Full(file)}: is no JSON, or is cut off: {JsonText.Reason(e)}", e);
        }
    }

    /// <summary>Puts numbers in place of literals outside of strings.</summary>
    /// <returns>How many bytes need not be looked at again; of a part that does not begin in a string.</returns>
    internal static int Replace(Span<byte> text, bool isLast)
    {
        int at = 0;
        while (true)
        {
            int next = text[at..].IndexOfAny("\"NI"u8);
            if (next < 0)
            {
                return text.Length;
            }

            at += next;
            if (text[at] == '"')
            {
                int end = EndOfString(text, at + 1);
                if (end < 0)
                {
                    return isLast ? text.Length : at;
                }

                at = end;
                continue;
            }

            foreach ((byte[] from, byte[] to) in s_literals)
            {
                if (text[at..].StartsWith(from))
                {
                    to.CopyTo(text[at..]);
                }
                else if (!isLast && text.Length - at < from.Length)
                {
                    return at;
                }
            }

            at++;
        }
    }

    private static int EndOfString(ReadOnlySpan<byte> text, int at)
    {
        while (text[at..].IndexOfAny((byte)'"', (byte)'\\') is var next and >= 0)
        {
            at += next;
            if (text[at] == '"')
            {
                return at + 1;
            }

            at += 2;
            if (at > text.Length)
            {
                return -1;
            }
        }

        return -1;
    }

    private sealed class Walker(Stream stream, Use use)
    {
        private byte[] _buffer = new byte[1 << 16];
        private JsonReaderState _state = new(ReaderOptions);
        private int _filled;
        private int _checked;
        private long _origin;
        private string _property = "";
        private bool _inArray;
        private bool _done;

        public void Run()
        {
            int head = stream.ReadAtLeast(_buffer, 3, throwOnEndOfStream: false);
            if (head >= 3 && _buffer.AsSpan().StartsWith("\uFEFF"u8))
            {
                _buffer.AsSpan(3, head - 3).CopyTo(_buffer);
                (_origin, head) = (3, head - 3);
            }

            _filled = head;
            for (bool last = false; !_done;)
            {
                int count = _filled < _buffer.Length ? stream.Read(_buffer, _filled, _buffer.Length - _filled) : -1;
                last |= count == 0;
                _filled += Math.Max(0, count);
                _checked += Replace(_buffer.AsSpan(_checked, _filled - _checked), last);
                int used = Consume(last);
                _buffer.AsSpan(used, _filled - used).CopyTo(_buffer);
                (_filled, _checked, _origin) = (_filled - used, _checked - used, _origin + used);
                if (used == 0 && _filled == _buffer.Length)
                {
                    Array.Resize(ref _buffer, _buffer.Length < LargestElement ? 2 * _buffer.Length
                        : throw new InvalidDataException($"an element of more than {LargestElement} bytes at byte {_origin}"));
                }
            }
        }

        /// <summary>Takes all whole elements that are there.</summary>
        private int Consume(bool last)
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(0, last ? _filled : _checked), last, _state);
            Utf8JsonReader before = reader;
            while (!_done && Step(ref reader, last))
            {
                before = reader;
            }

            _state = before.CurrentState;
            return (int)before.BytesConsumed;
        }

        private bool Step(ref Utf8JsonReader reader, bool last)
        {
            if (!reader.Read())
            {
                return last && !_done ? throw new InvalidDataException("the file ends too early") : false;
            }

            if (_inArray)
            {
                if (reader.TokenType == JsonTokenType.EndArray)
                {
                    _inArray = false;
                    return true;
                }

                long start = reader.TokenStartIndex;
                if (!reader.TrySkip())
                {
                    return false;
                }

                use(_property, _buffer.AsSpan((int)start, (int)(reader.BytesConsumed - start)), _origin + start);
                return true;
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject when reader.CurrentDepth == 0:
                    return true;
                case JsonTokenType.EndObject:
                    _done = true;
                    return true;
                case JsonTokenType.PropertyName:
                    string property = Encoding.UTF8.GetString(reader.ValueSpan);
                    if (!reader.Read())
                    {
                        return false;
                    }

                    _inArray = reader.TokenType == JsonTokenType.StartArray;
                    _property = property;
                    return _inArray || reader.TrySkip();
                default:
                    throw new InvalidDataException("expected an object with arrays in it");
            }
        }
    }
}
