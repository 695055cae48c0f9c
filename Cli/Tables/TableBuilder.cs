using Interp.Cli.Output;
using Interp.Cli.Tables.Reading;
using Interp.Engine.Common;

namespace Interp.Cli.Tables;

/// <summary>Fills a table from results.</summary>
internal sealed class TableBuilder(Invocation run, TableRequest request, TablePlan plan)
{
    private const int MostColumns = 500, MostRows = 20_000;
    private const string Between = "\u001f"; // Stands in no value.

    private static readonly string[] s_telling =
        ["model", "layer", "label", "class", "target_description", "method", "unit", "image", "channel", "concept", "negative", "folder"];

    private readonly List<string> _missing = [];
    private int _crowded;
    private string? _telling;

    /// <exception cref="InputException">No result has a field that was asked for, or the table would be too large.</exception>
    internal ResultTable Build()
    {
        IReadOnlyList<Entry> all = EntrySource.Read(plan.Results, plan.Each, run.Note);
        Entry[] entries = Wanted(all);
        CheckFields(all, entries);
        CellSpec[] head = There(plan.Head, entries, "--head", request.Head is not null);
        CellSpec[] cells = There(plan.Cells, entries, "--cell", request.Cells is not null);
        Group[] rows = Ordered(entries, plan.Rows, plan.Sort.Length > 0 ? plan.Sort : null), columns = Ordered(entries, plan.Columns, null);
        bool isPivot = plan.Columns.Count > 0;
        if (rows.Length > MostRows || (isPivot ? columns.Length : cells.Length) + head.Length > MostColumns)
        {
            throw new InputException($"the table would have {rows.Length} rows and {columns.Length} columns: expected at most {MostRows} and "
                + $"{MostColumns}; choose with --where or --count");
        }

        rows = rows[..Math.Min(rows.Length, request.Count ?? rows.Length)];
        var paths = new ShortPaths(Paths(entries, head, cells));
        TableColumn[] shown =
        [
            .. head.Select(h => new TableColumn(h.Title, [], [h])),
            .. isPivot ? columns.Select(c => new TableColumn(Title(c), c.Key, cells)) : cells.Select(c => new TableColumn(c.Title, [], [c])),
        ];
        ILookup<string, Entry> places = entries.ToLookup(e => string.Join(Between, Key(e, plan.Rows).Concat(Key(e, plan.Columns))));
        TableRow[] lines = [.. rows.Select(r => new TableRow(
            r.Values, [.. r.Values.Select((v, i) => paths.Of(plan.Rows[i].Field, v.Text))],
            [
                .. head.Select(h => Fill(r.Entries, [h], Words(r, null))),
                .. isPivot
                    ? columns.Select(c => Fill([.. places[string.Join(Between, r.Key.Concat(c.Key))]], cells, Words(r, c)))
                    : cells.Select(c => Fill(r.Entries, [c], Words(r, null))),
            ]))];
        NoteCrowd(rows, isPivot);
        return new ResultTable(plan.Title, [.. plan.Rows.Select(r => r.Title)], shown, lines, _missing, Made(entries))
        {
            Digits = request.Digits,
            Paths = paths,
        };

        string Words(Group r, Group? c) => string.Join(", ", [
            .. r.Values.Select((v, i) => paths.Of(plan.Rows[i].Field, v.Text)), .. c is null ? [] : new[] { Title(c) }]);

        string Title(Group c) => string.Join(", ", c.Values.Select((v, i) => paths.Of(plan.Columns[i].Field, v.Text)));
    }

    private Entry[] Wanted(IReadOnlyList<Entry> all)
    {
        foreach ((string field, string[] values) in request.Where)
        {
            if (!all.Any(e => e.Has(field)))
            {
                throw Unknown("--where", field, all);
            }

            string? none = values.FirstOrDefault(v => !all.Any(e => IsThat(e, field, v)));
            if (none is not null)
            {
                string[] there = [.. all.Select(e => e.Get(field)?.Text).OfType<string>().Distinct().Take(10)];
                throw new InputException($"--where {field}={none}: no result has it; there are {string.Join(", ", there)}");
            }
        }

        Entry[] chosen = [.. all.Where(e => request.Where.All(w => w.Values.Any(v => IsThat(e, w.Field, v))))];
        Entry[] whole = [.. chosen.Where(e => plan.Fields.All(f => e.Get(f) is not null))];
        if (whole.Length is > 0 and var n && n < chosen.Length)
        {
            run.Note($"{chosen.Length - n} of {chosen.Length} entries have no {string.Join(" or no ", plan.Fields)}, left out");
        }

        return whole;
    }

    /// <summary>Whether a field has a value, or ends in it where it is a path.</summary>
    private static bool IsThat(Entry e, string field, string value) => e.Get(field) is { } v
        && (v.Text == value || (ShortPaths.IsPath(field) && v.Text.Replace('\\', '/').EndsWith($"/{value}", StringComparison.Ordinal)));

    private void CheckFields(IReadOnlyList<Entry> all, Entry[] entries)
    {
        foreach ((string option, string field) in (IEnumerable<(string, string)>)[
            .. plan.Rows.Select(r => ("--rows", r.Field)), .. plan.Columns.Select(c => ("--columns", c.Field))])
        {
            if (!all.Any(e => e.Has(field)))
            {
                throw Unknown(option, field, all);
            }
        }

        if (entries.Length == 0)
        {
            throw new InputException($"no result has all of {string.Join(", ", plan.Fields)}"
                + $"{(request.Where.Count > 0 ? " and what --where says" : "")}; --fields lists what there is");
        }

    }

    /// <summary>The cells that any entry has: a recipe's others are left out, which a note says; of the user's own each must be there.</summary>
    private CellSpec[] There(IReadOnlyList<CellSpec> cells, Entry[] entries, string option, bool isAsked)
    {
        CellSpec[] all = [.. CellSpec.Expand(cells, entries)], none = [.. all.Where(c => !IsKnown(c))];
        string[] empty = [.. none.Select(c => c.Field), .. cells.Where(c => CellSpec.Expand([c], entries).Count == 0).Select(c => c.Field)];
        if (isAsked && empty.Length > 0)
        {
            throw Unknown(option, empty[0], entries);
        }

        if (empty.Length > 0)
        {
            run.Note($"left out, since no result has it: {string.Join(", ", empty)}");
        }

        return [.. all.Except(none)];

        bool IsKnown(CellSpec cell) => cell.Kind == CellKind.Image && !cell.IsPattern ? entries.Any(e => e.Image(cell.Field) is not null)
            : cell.Fields.All(f => entries.Any(e => e.Get(f) is not null));
    }

    private static InputException Unknown(string option, string field, IReadOnlyList<Entry> entries)
    {
        string? near = entries.DistinctBy(e => e.Result.Kind).SelectMany(e => e.Fields().Select(f => f.Path)).Distinct()
            .Where(f => TextDistance.Between(f, field) <= 2 || f.EndsWith($".{field}", StringComparison.Ordinal))
            .MinBy(f => TextDistance.Between(f, field));
        return new InputException($"{option} {field}: no result has such a field{(near is null ? "" : $", did you mean '{near}'?")}"
            + "; --fields lists what there is");
    }

    private Group[] Ordered(Entry[] entries, IReadOnlyList<FieldName> fields, string? sort)
    {
        if (fields.Count == 0)
        {
            return [];
        }

        Group[] groups = [.. entries.GroupBy(e => string.Join(Between, Key(e, fields)))
            .Select(g => new Group([.. fields.Select(f => g.First().Get(f.Field)!.Value)], [.. g]))];
        IOrderedEnumerable<Group> ordered = groups.OrderBy(_ => 0);
        if (sort is not null)
        {
            bool isDown = sort.EndsWith(":down", StringComparison.Ordinal);
            string field = isDown ? sort[..^":down".Length] : sort;
            if (!entries.Any(e => e.Has(field)))
            {
                throw Unknown("--sort", field, entries);
            }

            var values = groups.ToDictionary(g => g, g => g.Entries.Select(e => e.Get(field)).FirstOrDefault(v => v is not null));
            ordered = groups.OrderBy(g => values[g] is null);
            ordered = isDown ? ordered.ThenByDescending(g => values[g], ValueOrder.Instance) : ordered.ThenBy(g => values[g], ValueOrder.Instance);
        }

        for (int i = 0; i < fields.Count; i++)
        {
            (int at, string field) = (i, fields[i].Field);
            string[] asked = [.. request.Where.Where(w => w.Field == field).SelectMany(w => w.Values)];
            ordered = ordered.ThenBy(g => asked.Length == 0 ? 0 : Array.FindIndex(asked, v => IsThat(g.Entries[0], field, v)))
                .ThenBy(g => g.Values[at], ValueOrder.Instance);
        }

        return [.. ordered];
    }

    private static IEnumerable<string> Key(Entry entry, IReadOnlyList<FieldName> fields) => fields.Select(f => entry.Get(f.Field)!.Value.Text);

    private static IEnumerable<string> Paths(Entry[] entries, CellSpec[] head, CellSpec[] cells) =>
        entries.SelectMany(e => head.Concat(cells).Where(c => c.Kind == CellKind.Text).Select(c => c.Field).Append("image").Distinct()
            .Where(ShortPaths.IsPath).Select(f => e.Get(f)?.Text)).OfType<string>();

    private IReadOnlyList<CellContent> Fill(IReadOnlyList<Entry> entries, IReadOnlyList<CellSpec> specs, string place)
    {
        run.Cancel.ThrowIfCancellationRequested();
        if (entries.Count == 0)
        {
            _missing.Add($"{place}: no result");
            return [];
        }

        if (entries.Count > 1 && specs.Any(s => entries.Select(e => Content(e, s)).Select(c => (c.Value, c.Image?.Path)).Distinct().Count() > 1))
        {
            _crowded++;
            _telling ??= s_telling.FirstOrDefault(f => plan.Fields.All(p => p != f) && entries.Select(e => e.Get(f)?.Text).Distinct().Count() > 1);
        }

        CellContent[] contents = [.. specs.Select(s => Content(entries[0], s))];
        foreach (CellContent content in contents.Where(c => !c.IsThere))
        {
            _missing.Add($"{place}: no {content.Spec.Title}");
        }

        return contents;
    }

    private CellContent Content(Entry entry, CellSpec spec)
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

    private void NoteCrowd(Group[] rows, bool isPivot)
    {
        if (_crowded > 0)
        {
            string all = string.Join(',', plan.Rows.Select(r => r.Field));
            run.Note($"{_crowded} cells of {rows.Length} rows stand for several results that differ, the first of which is shown"
                + (_telling is null ? "" : $"; {(isPivot ? "--rows or --columns" : "--rows")} with {_telling} tells them apart "
                    + $"(--rows {all},{_telling})"));
        }
    }

    private static string Made(Entry[] entries)
    {
        FoundResult[] results = [.. entries.Select(e => e.Result).Distinct()];
        string[] models = [.. entries.DistinctBy(e => e.Result)
            .Select(e => $"{e.Get("model")?.Text} {e.Get("model_hash")?.Text}".Trim()).Where(m => m.Length > 0).Distinct()];
        string from = string.Join(", ", results.GroupBy(r => r.Kind.Name).Select(g => $"{g.Count()} of {g.Key}"));
        return $"Interp {Manifest.ProgramVersion}; from {from}{(models.Length > 0 ? $"; model {string.Join(", ", models)}" : "")}";
    }

    private sealed record Group(IReadOnlyList<FieldValue> Values, IReadOnlyList<Entry> Entries)
    {
        internal string[] Key { get; } = [.. Values.Select(v => v.Text)];
    }
}

/// <summary>Numbers by size, then texts as people read them.</summary>
internal sealed class ValueOrder : IComparer<FieldValue>, IComparer<FieldValue?>
{
    internal static ValueOrder Instance { get; } = new();

    private ValueOrder()
    {
    }

    /// <inheritdoc/>
    public int Compare(FieldValue x, FieldValue y) => x.IsNumber != y.IsNumber ? (x.IsNumber ? -1 : 1)
        : x.IsNumber && x.Number.CompareTo(y.Number) is not 0 and var difference ? difference
        : NaturalOrder.Instance.Compare(x.Text, y.Text);

    /// <inheritdoc/>
    public int Compare(FieldValue? x, FieldValue? y) => x is null || y is null ? (x is null ? 1 : 0) - (y is null ? 1 : 0)
        : Compare(x.Value, y.Value);
}
