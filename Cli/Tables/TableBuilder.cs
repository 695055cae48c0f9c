using Interp.Cli.Output;
using Interp.Cli.Tables.Reading;
using Interp.Engine.Common;

namespace Interp.Cli.Tables;

/// <summary>Fills a table from results.</summary>
internal sealed class TableBuilder(Invocation run, TableRequest request, TablePlan plan)
{
    private const int MostColumns = 500, MostRows = 20_000, LongestName = 200;

    private static readonly string[] s_telling =
        ["model", "layer", "label", "class", "target_description", "method", "unit", "image", "channel", "concept", "negative", "folder"];

    private readonly List<string> _missing = [];
    private int _crowded;
    private string? _telling;

    /// <exception cref="InputException">No result has a field that was asked for, or the table would be too large.</exception>
    internal ResultTable Build()
    {
        var choice = new EntryChoice(run, request, plan);
        Entry[] entries = choice.Entries();
        CellSpec[] head = choice.There(plan.Head, "--head", request.Head is not null);
        CellSpec[] cells = choice.There(plan.Cells, "--cell", request.Cells is not null);
        Group[] rows = Ordered(entries, plan.Rows, plan.Sort), columns = Ordered(entries, plan.Columns, "");
        bool isPivot = plan.Columns.Count > 0;
        if (rows.Length > MostRows || (isPivot ? columns.Length : cells.Length) + head.Length > MostColumns)
        {
            throw new InputException($"the table would have {rows.Length} rows and {(isPivot ? columns.Length : cells.Length)} columns: "
                + $"expected at most {MostRows} and {MostColumns}; choose with --where");
        }

        rows = rows[..Math.Min(rows.Length, request.Count ?? rows.Length)];
        var paths = new ShortPaths(Paths(entries, head, cells));
        TableColumn[] shown =
        [
            .. head.Select(h => new TableColumn(h.Title, [], [h])),
            .. isPivot ? columns.Select(c => new TableColumn(Title(c), c.Key, cells))
                : cells.Select(c => new TableColumn(c.Title, [], [c])),
        ];
        ILookup<string, Entry> places = entries.ToLookup(e => Joined(Key(e, plan.Rows).Concat(Key(e, plan.Columns))));
        TableRow[] lines = [.. rows.Select(r => new TableRow(
            r.Values, [.. r.Values.Select((v, i) => paths.Of(plan.Rows[i].Field, v.Text))],
            [
                .. head.Select(h => Fill(r.Entries, [h], Words(r, null))),
                .. isPivot
                    ? columns.Select(c => Fill([.. places[Joined(r.Key.Concat(c.Key))]], cells, Words(r, c)))
                    : cells.Select(c => Fill(r.Entries, [c], Words(r, null))),
            ]))];
        NoteCrowd(isPivot);
        return new ResultTable(plan.Title, [.. plan.Rows.Select(r => r.Title)], shown, lines, _missing, Made(entries))
        {
            Digits = request.Digits,
            Paths = paths,
        };

        string Words(Group r, Group? c) => Plain(string.Join(", ", [
            .. r.Values.Select((v, i) => paths.Of(plan.Rows[i].Field, v.Text)), .. c is null ? [] : new[] { Title(c) }]));

        string Title(Group c) => string.Join(", ", c.Values.Select((v, i) => paths.Of(plan.Columns[i].Field, v.Text)));
    }

    /// <summary>A name in a line for people: nothing in it commands a terminal, or fills it.</summary>
    private static string Plain(string text) =>
        text.Length > LongestName ? $"{Readable.Line(text[..LongestName])}…" : Readable.Line(text);

    private Group[] Ordered(Entry[] entries, IReadOnlyList<FieldName> fields, string sort)
    {
        if (fields.Count == 0)
        {
            return [];
        }

        Group[] groups = [.. entries.GroupBy(e => Joined(Key(e, fields)))
            .Select(g => new Group([.. fields.Select(f => g.First().Get(f.Field)!.Value)], [.. g]))];
        IOrderedEnumerable<Group> ordered = groups.OrderBy(_ => 0);
        if (sort.Length > 0)
        {
            bool isDown = sort.EndsWith(":down", StringComparison.Ordinal);
            string field = isDown ? sort[..^":down".Length] : sort;
            if (!entries.Any(e => e.Has(field)))
            {
                throw EntryChoice.Unknown("--sort", field, entries);
            }

            var values = groups.ToDictionary(g => g, g => g.Entries.Select(e => e.Get(field)).FirstOrDefault(v => v is not null));
            ordered = groups.OrderBy(g => values[g] is null);
            ordered = isDown ? ordered.ThenByDescending(g => values[g], ValueOrder.Instance)
                : ordered.ThenBy(g => values[g], ValueOrder.Instance);
        }

        for (int i = 0; i < fields.Count; i++)
        {
            (int at, string field) = (i, fields[i].Field);
            string[] asked = [.. request.Where.Where(w => w.Field == field).SelectMany(w => w.Values)];
            ordered = ordered.ThenBy(g => asked.Length == 0 ? 0 : Array.FindIndex(asked, v => EntryChoice.IsThat(g.Entries[0], field, v)))
                .ThenBy(g => ShortPaths.LastOf(field, g.Values[at]), ValueOrder.Instance).ThenBy(g => g.Values[at], ValueOrder.Instance);
        }

        return [.. ordered];
    }

    /// <summary>Texts as one, so that no others give the same.</summary>
    private static string Joined(IEnumerable<string> texts) => string.Concat(texts.Select(t => $"{t.Length}:{t}"));

    private static IEnumerable<string> Key(Entry entry, IReadOnlyList<FieldName> fields) =>
        fields.Select(f => entry.Get(f.Field)!.Value.Text);

    private static IEnumerable<string> Paths(Entry[] entries, CellSpec[] head, CellSpec[] cells) =>
        entries.SelectMany(e => head.Concat(cells).Where(c => c.Kind == CellKind.Text).Select(c => c.Field).Append("image").Distinct()
            .Where(ShortPaths.IsPath).Select(f => e.Get(f)?.Text)).OfType<string>();

    private CellContent[] Fill(IReadOnlyList<Entry> entries, IReadOnlyList<CellSpec> specs, string place)
    {
        run.Cancel.ThrowIfCancellationRequested();
        if (entries.Count == 0)
        {
            _missing.Add($"{place}: no result");
            return [];
        }

        if (entries.Count > 1 && specs.Any(s => Differ(e => Content(e, s) is var c ? (c.Value, c.Image?.Sum ?? c.Image?.Path) : default)))
        {
            _crowded++;
            _telling ??= s_telling.FirstOrDefault(f => plan.Fields.All(p => p != f) && Differ(e => e.Get(f)?.Text));
        }

        CellContent[] contents = [.. specs.Select(s => Content(entries[0], s))];
        foreach (CellContent content in contents.Where(c => !c.IsThere && !IsBlank(c)))
        {
            _missing.Add($"{place}: no {content.Spec.Title}");
        }

        return contents;

        bool Differ<T>(Func<Entry, T> of) => entries.Select(of).Distinct().Skip(1).Any();
    }

    /// <summary>A text that the result has, without a letter, as stars where nothing is significant.</summary>
    private static bool IsBlank(CellContent c) => c.Spec is { Kind: CellKind.Text, IsPattern: false } && c.Entry!.Has(c.Spec.Field);

    private static CellContent Content(Entry entry, CellSpec spec)
    {
        if (spec.Kind == CellKind.Image)
        {
            string? name = spec.IsPattern ? spec.Filled(entry, null) : spec.Field;
            ResultFile? file = name is null ? null : entry.Image(name);
            return new CellContent(spec, null, file?.Png() is null ? null : file, entry);
        }

        FieldValue? value = spec.IsPattern
            ? spec.Filled(entry, null) is { } text ? new FieldValue(text, false) : null
            : entry.Get(spec.Field);
        return new CellContent(spec, value, null, entry);
    }

    private void NoteCrowd(bool isPivot)
    {
        if (_crowded > 0)
        {
            string all = string.Join(',', plan.Rows.Select(r => r.Field));
            run.Note($"several results that differ fall on one cell, {_crowded} {(_crowded == 1 ? "time" : "times")}: the first is shown"
                + (_telling is null ? "" : $"; {(isPivot ? "--rows or --columns" : "--rows")} with {_telling} tells them apart "
                    + $"(--rows {all},{_telling})"));
        }
    }

    private static string Made(Entry[] entries)
    {
        FoundResult[] results = [.. entries.Select(e => e.Result).Distinct()];
        string[] models = [.. entries.DistinctBy(e => e.Result)
            .Select(e => $"{e.Get("model")?.Text} {e.Get("model_hash")?.Text}".Trim()).Where(m => m.Length > 0).Distinct()];
        string about = models.Length > 0 ? $"; model {string.Join(", ", models)}" : "";
        return $"Interp {Manifest.ProgramVersion}; from {TablePlan.Kinds(results)}{about}";
    }

    private sealed record Group(IReadOnlyList<FieldValue> Values, IReadOnlyList<Entry> Entries)
    {
        internal string[] Key { get; } = [.. Values.Select(v => v.Text)];
    }
}
