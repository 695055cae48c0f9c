using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Relevance.Files;

/// <summary>The fields of a JSON object, each of the form that is asked for or an error that names it.</summary>
internal sealed class JsonFields
{
    private readonly JsonElement _object;
    private readonly string _what;

    /// <param name="value">The object.</param>
    /// <param name="what">What it is, for messages: "rule 2".</param>
    public JsonFields(JsonElement value, string what)
    {
        (_object, _what) = (value, what);
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"is {Found(value)}, expected an object {{ … }}");
        }
    }

    /// <summary>Refuses other fields.</summary>
    public void AllowOnly(params string[] names)
    {
        foreach (JsonProperty field in _object.EnumerateObject().Where(f => !names.Contains(f.Name)))
        {
            throw Wrong($"unknown field \"{field.Name}\": expected {string.Join(", ", names)}");
        }
    }

    /// <summary>A text, or null if it is not given.</summary>
    public string? Text(string name) => Field(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong($"\"{name}\" is {Found(value)}, expected a text");

    /// <summary>A text or a list of texts, or null if it is not given.</summary>
    public string[]? Texts(string name)
    {
        if (Field(name) is not { } value)
        {
            return null;
        }

        JsonElement[] values = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return values.Length > 0 && values.All(v => v.ValueKind == JsonValueKind.String)
            ? [.. values.Select(v => v.GetString()!)]
            : throw Wrong($"\"{name}\" is {Found(value)}, expected a text or a list of texts");
    }

    /// <summary>A list of at least one element.</summary>
    public JsonElement[] List(string name, string element) =>
        Field(name) is { ValueKind: JsonValueKind.Array } value && value.GetArrayLength() > 0
            ? [.. value.EnumerateArray()]
            : throw Wrong($"\"{name}\" is {(Field(name) is { } o ? Found(o) : "missing")}, expected a list of at least one {element}");

    /// <summary>A number in a range.</summary>
    public double? Number(string name, double minimum, double maximum)
    {
        if (Field(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double x) && x >= minimum && x <= maximum
            ? x
            : throw Wrong($"\"{name}\" is {Found(value)}, expected a number from {minimum} to {maximum}");
    }

    /// <summary>A truth value.</summary>
    public bool? Truth(string name) => Field(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong($"\"{name}\" is {Found(value)}, expected true or false");

    /// <summary>What another place makes of a field; an error says that it is of this object.</summary>
    public T Checked<T>(Func<T> make, string field = "")
    {
        try
        {
            return make();
        }
        catch (InputException e)
        {
            throw Wrong($"{field}{e.Message}");
        }
    }

    /// <summary>An error in this object.</summary>
    public InputException Wrong(string message) => new($"{_what}: {message}");

    private static string Found(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => value.GetArrayLength() == 0 ? "an empty list" : "a list",
        _ => value.GetRawText() is { Length: > 40 } text ? $"{text[..40]}…" : value.GetRawText(),
    };

    private JsonElement? Field(string name) => _object.TryGetProperty(name, out JsonElement value) ? value : null;
}
