using System.Text.Json;
using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Weights.TorchExport;

/// <summary>
/// Walks JSON from an untrusted file, once, from front to back: what is not asked for is passed over and takes no memory, and no more
/// things are taken from it than any network has.
/// </summary>
internal ref struct JsonCursor
{
    /// <summary>Brackets, names and values of any network, several times over.</summary>
    private const int MaxItems = 4_000_000;
    private const int MaxDepth = 64;
    private const int LongestName = 1000;
    private readonly ReadOnlySpan<byte> _json;
    private readonly WeightFile _file;
    private readonly string _entry;
    private readonly Dictionary<string, string> _names;
    private Utf8JsonReader _reader;
    private int _items;

    /// <summary>Begins before the first value.</summary>
    internal JsonCursor(WeightFile file, string entry, ReadOnlySpan<byte> json)
    {
        _json = json;
        _file = file;
        _entry = entry;
        _names = new Dictionary<string, string>(StringComparer.Ordinal);
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Goes to the document's value.</summary>
    internal void Start() => Advance();

    /// <summary>The document's value is at an end, and nothing follows.</summary>
    internal void End()
    {
        if (_reader.Read())
        {
            throw Error("more than one value");
        }
    }

    /// <summary>The value is an object; its properties come next.</summary>
    internal void BeginObject() => Require(JsonTokenType.StartObject, "an object");

    /// <summary>The value is a list; its elements come next.</summary>
    internal void BeginList() => Require(JsonTokenType.StartArray, "a list");

    /// <summary>Goes to the value of the next property and gives its name, or null behind the last.</summary>
    internal string? Property()
    {
        Advance();
        if (_reader.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        string name = Pooled();
        Advance();
        return name;
    }

    /// <summary>Goes to the next element of a list; false behind the last.</summary>
    internal bool Element()
    {
        Advance();
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Whether the value is null.</summary>
    internal readonly bool IsNull => _reader.TokenType == JsonTokenType.Null;

    /// <summary>Passes over the value, whatever it is.</summary>
    internal void Skip() => _reader.Skip();

    /// <summary>Passes over the value; where it lies.</summary>
    internal Range SkipTo()
    {
        int start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return start..(int)_reader.BytesConsumed;
    }

    /// <summary>The same walk over a part that was passed over.</summary>
    internal readonly JsonCursor At(Range part) => new(_file, _entry, _json[part]);

    /// <summary>The value is a name: of a tensor, an argument, an operator.</summary>
    internal string Name()
    {
        Require(JsonTokenType.String, "text");
        return Pooled();
    }

    /// <summary>The value is text; null where it is long.</summary>
    internal string? ShortText()
    {
        Require(JsonTokenType.String, "text");
        return _reader.ValueSpan.Length <= LongestName ? Pooled() : null;
    }

    /// <summary>The value is text, which may be long.</summary>
    internal readonly string LongText()
    {
        Require(JsonTokenType.String, "text");
        return _reader.GetString()!;
    }

    /// <summary>The value is a whole number.</summary>
    internal readonly long Whole()
    {
        Require(JsonTokenType.Number, "a whole number");
        return _reader.TryGetInt64(out long value) ? value : throw Error("a number that is not whole, expected a whole one");
    }

    /// <summary>The value is a number; also one of the three that JSON has no digits for.</summary>
    internal readonly double Number()
    {
        if (_reader.TokenType == JsonTokenType.String)
        {
            return _reader.GetString() switch
            {
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                "NaN" => double.NaN,
                _ => throw Error("text, expected a number"),
            };
        }

        Require(JsonTokenType.Number, "a number");
        return _reader.GetDouble();
    }

    /// <summary>The value is true or false.</summary>
    internal readonly bool Flag() => _reader.TokenType is JsonTokenType.True or JsonTokenType.False
        ? _reader.TokenType == JsonTokenType.True
        : throw Error($"{Found}, expected true or false");

    /// <summary>An error at the place where the walk is.</summary>
    internal readonly ModelException Error(string what) =>
        _file.Damaged($"its {_entry} has {what} at byte {_reader.TokenStartIndex}");

    private readonly string Found => _reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a truth value",
    };

    private readonly void Require(JsonTokenType type, string expected)
    {
        if (_reader.TokenType != type)
        {
            throw Error($"{Found}, expected {expected}");
        }
    }

    private void Advance()
    {
        if (!_reader.Read())
        {
            throw Error("its end too early");
        }

        if (++_items > MaxItems)
        {
            throw _file.Error($"its {_entry} holds more than {MaxItems} things, more than any network's; export a smaller one");
        }
    }

    /// <summary>The text, each only once in memory: most arguments have one of a few names.</summary>
    private readonly string Pooled()
    {
        if (_reader.ValueSpan.Length > 6 * LongestName || _reader.GetString() is not { Length: <= LongestName } text)
        {
            throw _file.Error($"its {_entry} has a name of {_reader.ValueSpan.Length} bytes at byte {_reader.TokenStartIndex}, expected "
                + $"at most {LongestName} letters; export the network again");
        }

        if (_names.TryGetValue(text, out string? known))
        {
            return known;
        }

        _names.Add(text, text);
        return text;
    }
}
