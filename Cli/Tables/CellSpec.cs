using System.Text.Json;
using System.Text.RegularExpressions;
using Interp.Cli.Tables.Reading;
using Interp.Engine.Common;

namespace Interp.Cli.Tables;

/// <summary>What a cell shows.</summary>
internal enum CellKind
{
    /// <summary>An image of the result.</summary>
    Image,

    /// <summary>A number, with the digits that it has in the result.</summary>
    Number,

    /// <summary>A text.</summary>
    Text,
}

/// <summary>
/// One thing to show: <c>image:overlay</c>, <c>number:top.0.probability</c>, <c>text:top1=Prediction</c>. <c>{field}</c> within a text or
/// an image's name is that field's value; <c>number:evidence.*</c> is one number for each field of an object.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Field">The field, or a text with fields in braces.</param>
/// <param name="Title">What stands over it.</param>
internal sealed partial record CellSpec(CellKind Kind, string Field, string Title)
{
    private const char TitleMark = '=';
    private static readonly string[] s_kinds = ["image", "number", "text"];

    /// <summary>The fields that it needs.</summary>
    internal IEnumerable<string> Fields =>
        Parts().Matches(Field) is { Count: > 0 } parts ? parts.Select(p => p.Groups[1].Value) : [Field];

    /// <summary>Whether it consists of other text and fields in braces.</summary>
    internal bool IsPattern => Field.Contains('{', StringComparison.Ordinal);

    private bool IsMany => Field.EndsWith(".*", StringComparison.Ordinal) || Field.Contains(".*.", StringComparison.Ordinal);

    /// <summary>The cells of an option's values, each of which may hold several with commas between.</summary>
    /// <exception cref="InputException">One is of no kind that there is.</exception>
    internal static IReadOnlyList<CellSpec> Parse(string option, IEnumerable<string> values) =>
        [.. values.SelectMany(v => Between().Split(v)).Select(v => One(option, v.Trim()))];

    /// <summary>The cell, or where it is of several fields one for each that entries have.</summary>
    internal CellSpec[] Expanded(IReadOnlyList<Entry> entries) => IsMany ? [.. Each(entries)] : [this];

    /// <summary>The text with its fields filled in, or null where one has no value.</summary>
    internal string? Filled(Entry entry, int? digits)
    {
        bool whole = true;
        string text = Parts().Replace(Field, m =>
        {
            FieldValue? value = entry.Get(m.Groups[1].Value);
            whole &= value is not null;
            return value?.Rounded(digits) ?? "";
        });
        return whole ? text : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{s_kinds[(int)Kind]}:{Field}";

    private IEnumerable<CellSpec> Each(IReadOnlyList<Entry> entries)
    {
        int star = Field.IndexOf(".*", StringComparison.Ordinal);
        (string prefix, string suffix) = (Field[..star], Field[(star + 2)..]);
        return entries.SelectMany(e => e.Object(prefix)?.EnumerateObject().Where(p => suffix.Length == 0
                ? FieldValue.Of(p.Value) is not null : FieldPath.Find(p.Value, suffix[1..]) is { ValueKind: not JsonValueKind.Null })
                .Select(p => p.Name) ?? [])
            .Distinct(StringComparer.Ordinal).Select(name => this with { Field = $"{prefix}.{name}{suffix}", Title = name });
    }

    private static CellSpec One(string option, string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal), kind = colon < 0 ? -1 : Array.IndexOf(s_kinds, text[..colon]);
        if (kind < 0 || colon + 1 == text.Length)
        {
            throw new InputException($"{option} '{text}': expected image:NAME, number:FIELD or text:FIELD, such as image:overlay");
        }

        string field = text[(colon + 1)..];
        int mark = field.LastIndexOf(TitleMark);
        string title = mark > 0 ? field[(mark + 1)..] : field;
        return new CellSpec((CellKind)kind, mark > 0 ? field[..mark] : field, title);
    }

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Parts();

    [GeneratedRegex(@",\s*(?=(?:image|number|text):)")]
    private static partial Regex Between();
}
