using System.Text.Json;

namespace Interp.Cli.Tables.Reading;

/// <summary>What one cell is filled from: a result, an entry of a list in its manifest, or a line of a table beside it. A field that the
/// entry itself lacks is looked for in what the entry stands in, at last in the manifest.</summary>
internal sealed class Entry
{
    /// <summary>Parts of a manifest whose fields are found without their names before them.</summary>
    private static readonly string[] s_parts = ["summary", "examples", "options", "facts", "evidence", "settings"];

    /// <summary>What is longer is no name: a pattern was filled with a text of any length.</summary>
    private const int LongestName = 1000;

    private readonly IReadOnlyList<JsonElement> _scopes;
    private readonly IReadOnlyDictionary<string, int> _columns;
    private readonly IReadOnlyList<string> _cells;

    internal Entry(FoundResult result, IReadOnlyList<JsonElement> inner)
        : this(result, inner, new Dictionary<string, int>(), [])
    {
    }

    internal Entry(
        FoundResult result, IReadOnlyList<JsonElement> inner, IReadOnlyDictionary<string, int> columns, IReadOnlyList<string> cells)
    {
        (Result, _columns, _cells) = (result, columns, cells);
        _scopes =
        [
            .. inner, result.Manifest,
            .. s_parts.Select(p => FieldPath.Find(result.Manifest, p)).OfType<JsonElement>()
                .Where(e => e.ValueKind == JsonValueKind.Object),
        ];
    }

    internal FoundResult Result { get; }

    /// <summary>A field's value, or null where there is none.</summary>
    internal FieldValue? Get(string field) => Own(field) is { } found ? found.Value : DerivedField.Find(field)?.Of(this);

    /// <summary>Whether there is such a field, be it without a value.</summary>
    internal bool Has(string field) => Own(field) is not null || DerivedField.Find(field)?.Of(this) is not null;

    /// <summary>An object among its fields, or null.</summary>
    internal JsonElement? Object(string field) => Element(field) is { ValueKind: JsonValueKind.Object } e ? e : null;

    /// <summary>The image that a name stands for: a file, or a field that names one.</summary>
    internal ResultFile? Image(string name) =>
        Result.Image(name) ?? (Get(name) is { IsNumber: false } value ? Result.Image(value.Text) : null);

    /// <summary>All fields by name.</summary>
    internal IEnumerable<(string Path, FieldValue Value)> Fields() =>
    [
        .. _columns.Where(c => c.Value < _cells.Count).Select(c => (Path: c.Key, Value: FieldValue.Of(_cells[c.Value])))
            .Where(c => c.Value is not null).Select(c => (c.Path, c.Value!.Value)),
        .. _scopes.SelectMany(s => FieldPath.All(s)),
        .. DerivedField.All.Select(d => (d.Name, Value: d.Of(this))).Where(d => d.Value is not null)
            .Select(d => (d.Name, d.Value!.Value)),
    ];

    private (FieldValue? Value, bool)? Own(string field) => field.Length > LongestName ? null
        : _columns.TryGetValue(field, out int column) ? (column < _cells.Count ? FieldValue.Of(_cells[column]) : null, true)
        : Element(field) is { } element ? (FieldValue.Of(element), true)
        : null;

    private JsonElement? Element(string field)
    {
        foreach (JsonElement scope in _scopes)
        {
            if (FieldPath.Find(scope, field) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}

/// <summary>A field that stands in no manifest as it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Of">Its value, or null where an entry has none.</param>
internal sealed record DerivedField(string Name, string Summary, Func<Entry, FieldValue?> Of)
{
    /// <summary>All of them.</summary>
    internal static IReadOnlyList<DerivedField> All { get; } =
    [
        new("result", "the command that made the result", e => new(e.Result.Kind.Name, false)),
        new("folder", "the result's folder below the one that was named", e => new(e.Result.Place, false)),
        new("photo", "the image file's name, with the place in it where it holds several", Photo),
        new("explained", "what is explained or shown: a class by id and name, or a unit", Explained),
        new("top1", "the class that comes first: of the image, or of the optimised image read back", Top),
        new("check", "whether that is the class that was wanted: yes or no", Check),
    ];

    internal static DerivedField? Find(string name) => All.FirstOrDefault(d => d.Name == name);

    private static FieldValue? Photo(Entry e) => e.Get("image") is { } image
        ? new($"{Path.GetFileName(image.Text.Replace('\\', '/'))}{(e.Get("part") is { } part ? $"[{part.Text}]" : "")}", false) : null;

    private static FieldValue? Explained(Entry e) => e.Get("target") is { Text: "channel" or "neuron" } || e.Get("label") is not { } label
        ? e.Get("target_description")
        : new($"{e.Get("class")?.Text} {Output.TargetWords.Short(label.Text)}".Trim(), false);

    private static FieldValue? Top(Entry e) => e.Get("prediction.0") ?? e.Get("top.0") ?? e.Get("after.0");

    private static FieldValue? Check(Entry e) =>
        e.Get("class") is { } wanted && (e.Get("prediction.0.class") ?? e.Get("top.0.class")) is { } top
        ? new(wanted.Text == top.Text ? "yes" : "no", false) : null;
}
