using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Interp.Cli.Output;

namespace Interp.Cli.Tables.Reading;

/// <summary>One value of a result, with the very digits that stand in its file.</summary>
/// <param name="Text">The value as it is written there.</param>
/// <param name="IsNumber">Whether it is a number.</param>
internal readonly partial record struct FieldValue(string Text, bool IsNumber)
{
    /// <summary>The number; NaN of what is none.</summary>
    internal double Number =>
        IsNumber && double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

    /// <summary>A value of a manifest; null of null, and of objects and lists of them. A predicted class is its id and name.</summary>
    internal static FieldValue? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new(element.GetString()!, false),
        JsonValueKind.Number => new(element.GetRawText(), true),
        JsonValueKind.True => new("true", false),
        JsonValueKind.False => new("false", false),
        JsonValueKind.Array => OfList(element),
        JsonValueKind.Object => OfClass(element),
        _ => null,
    };

    /// <summary>A cell of a CSV table; null of an empty one.</summary>
    internal static FieldValue? Of(string cell) => cell.Length == 0 ? null : new(cell, Numeral().IsMatch(cell));

    /// <summary>The value with so many significant digits; what has fewer, and what is no number, as it is.</summary>
    internal string Rounded(int? digits)
    {
        if (digits is not { } n || !IsNumber || Text.AsSpan().IndexOfAny(".eE") < 0)
        {
            return Text;
        }

        string text = Number.ToString($"G{n}", CultureInfo.InvariantCulture);
        return text.Length < Text.Length ? text : Text;
    }

    private static FieldValue? OfList(JsonElement list)
    {
        FieldValue?[] values = [.. list.EnumerateArray().Select(Of)];
        return values.Length == 0 || values.Any(v => v is null) ? null
            : new(string.Join(", ", values.Select(v => v!.Value.Text)), false);
    }

    private static FieldValue? OfClass(JsonElement item) =>
        item.TryGetProperty("label", out JsonElement label) && label.ValueKind == JsonValueKind.String
            ? new($"{IdOf(item)}{TargetWords.Short(label.GetString()!)}", false) : null;

    private static string IdOf(JsonElement item) =>
        item.TryGetProperty("class", out JsonElement id) && id.ValueKind == JsonValueKind.Number ? $"{id.GetRawText()} " : "";

    /// <summary>What JSON takes for a number.</summary>
    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex Numeral();
}
