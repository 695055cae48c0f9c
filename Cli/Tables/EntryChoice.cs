using Interp.Cli.Tables.Reading;
using Interp.Engine.Common;

namespace Interp.Cli.Tables;

/// <summary>Which entries a table is of, and which of the fields that were asked for they have.</summary>
internal sealed class EntryChoice(Invocation run, TableRequest request, TablePlan plan)
{
    private const int LongestName = 200;

    private Entry[] _entries = [];

    /// <summary>Them.</summary>
    /// <exception cref="InputException">No result has a field that was asked for, or all that were.</exception>
    internal Entry[] Entries()
    {
        IReadOnlyList<Entry> all = EntrySource.Read(plan.Results, plan.Each, run.Note);
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

        CheckFields(all, whole);
        return _entries = whole;
    }

    /// <summary>Whether a field has a value, or ends in it where it is a path.</summary>
    internal static bool IsThat(Entry e, string field, string value) => e.Get(field) is { } v
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

    /// <summary>The cells that any entry has: a recipe's others are left out, which a note says; of the user's own each must be
    /// there.</summary>
    internal CellSpec[] There(IReadOnlyList<CellSpec> cells, string option, bool isAsked)
    {
        CellSpec[][] each = [.. cells.Select(c => c.Expanded(_entries))];
        CellSpec[] all = [.. each.SelectMany(c => c)], none = [.. all.Where(c => !IsKnown(c))];
        string[] empty = [.. none.Select(c => c.Field), .. cells.Where((_, i) => each[i].Length == 0).Select(c => c.Field)];
        if (isAsked && empty.Length > 0)
        {
            throw Unknown(option, empty[0], _entries);
        }

        if (empty.Length > 0)
        {
            run.Note($"left out, since no result has it: {string.Join(", ", empty)}");
        }

        return [.. all.Except(none)];

        bool IsKnown(CellSpec cell) => cell.Kind == CellKind.Image && !cell.IsPattern ? _entries.Any(e => e.Image(cell.Field) is not null)
            : cell.Fields.All(f => _entries.Any(e => e.Get(f) is not null));
    }

    /// <summary>The error of a field that no result has, with the nearest one that any has.</summary>
    internal static InputException Unknown(string option, string field, IReadOnlyList<Entry> entries)
    {
        string? near = entries.DistinctBy(e => e.Result.Kind).SelectMany(e => e.Fields().Select(f => f.Path)).Distinct()
            .Where(f => f.Length <= LongestName)
            .Where(f => TextDistance.Between(f, field) <= 2 || f.EndsWith($".{field}", StringComparison.Ordinal))
            .MinBy(f => TextDistance.Between(f, field));
        return new InputException($"{option} {field}: no result has such a field{(near is null ? "" : $", did you mean '{near}'?")}"
            + "; --fields lists what there is");
    }
}
