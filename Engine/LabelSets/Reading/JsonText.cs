using System.Text.Json;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>Values of JSON that may be anything.</summary>
internal static class JsonText
{
    /// <summary>A string; null if it is none, or its characters are damaged.</summary>
    public static string? Of(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a pair of surrogates
        }
    }

    /// <summary>A property that is a string, or null.</summary>
    public static string? Of(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out JsonElement value) ? Of(value) : null;

    /// <summary>A whole number, as a number or a string of one; null if it is none.</summary>
    public static long? Whole(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out long whole) ? whole : null,
        JsonValueKind.String => ConceptList.Number(Of(value) ?? ""),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => null,
    };

    /// <summary>A property that is a whole number, or null.</summary>
    public static long? Whole(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out JsonElement value) ? Whole(value) : null;

    /// <summary>A finite number; NaN if it is none.</summary>
    public static double Real(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double real) && double.IsFinite(real) ? real : double.NaN;

    /// <summary>The elements of a property that is an array; none otherwise.</summary>
    public static IEnumerable<JsonElement> List(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>What is wrong, in one line, with the place.</summary>
    public static string Reason(JsonException e)
    {
        string where = e.LineNumber is { } line ? $"line {line + 1}: " : "";
        return where + LabelNames.OneLine(e.Message.Split(" LineNumber:")[0]);
    }
}
