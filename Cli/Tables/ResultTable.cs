using Interp.Cli.Tables.Reading;

namespace Interp.Cli.Tables;

/// <summary>A table, ready to be written in any format.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="RowTitles">What stands over the rows' own columns.</param>
/// <param name="Columns">What stands over the other columns.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Missing">What is not there, a line each.</param>
/// <param name="Made">What it was made from, in words.</param>
internal sealed record ResultTable(
    string Title, IReadOnlyList<string> RowTitles, IReadOnlyList<TableColumn> Columns, IReadOnlyList<TableRow> Rows,
    IReadOnlyList<string> Missing, string Made)
{
    /// <summary>Significant digits of numbers, or null for all that there are.</summary>
    public int? Digits { get; init; }

    /// <summary>All images in their places.</summary>
    internal IEnumerable<ResultFile> Images => Rows.SelectMany(r => r.Cells).SelectMany(c => c).Select(c => c.Image).OfType<ResultFile>();

    /// <summary>How values of the rows and texts of cells are shown: paths of images by the least that tells them apart.</summary>
    internal required ShortPaths Paths { get; init; }

    /// <summary>A cell's text as people read it.</summary>
    internal string Text(CellContent content) => content.Value is not { } value ? ""
        : content.Spec.Kind == CellKind.Number ? value.Rounded(Digits)
        : content.Spec.IsPattern ? content.Spec.Filled(content.Entry!, Digits)!
        : Paths.Of(content.Spec.Field, value.Text);

    /// <summary>The same with so many rows beside each other, each a tile: its images with its name and values below them.</summary>
    internal ResultTable Tiled(int across)
    {
        CellSpec name = new(CellKind.Text, "", "");
        IReadOnlyList<CellContent>[] tiles = [.. Rows.Select(r => (IReadOnlyList<CellContent>)[
            new CellContent(name, new FieldValue(string.Join(", ", r.Heads), false), null, null),
            .. r.Cells.SelectMany((cell, i) => cell.Select(c => Named(c, Columns[i])))])];
        return this with
        {
            RowTitles = [],
            Columns = [.. Enumerable.Range(0, Math.Min(across, tiles.Length)).Select(_ => new TableColumn("", [], [name, name]))],
            Rows = [.. tiles.Chunk(across).Select(line => new TableRow([], [], [
                .. line, .. Enumerable.Repeat<IReadOnlyList<CellContent>>([], Math.Min(across, tiles.Length) - line.Length)]))],
        };
    }

    /// <summary>A cell with its column's title, which a tile has no place for above it.</summary>
    private static CellContent Named(CellContent cell, TableColumn column) => column.Key.Count == 0 ? cell
        : cell with
        {
            Spec = cell.Spec with { Title = column.Specs.Count > 1 ? $"{column.Title}, {cell.Spec.Title}" : column.Title },
        };
}

/// <param name="Title">What stands over it.</param>
/// <param name="Key">The values of the fields that it is for; empty where the columns are the cells themselves.</param>
/// <param name="Specs">What its cells show.</param>
internal sealed record TableColumn(string Title, IReadOnlyList<string> Key, IReadOnlyList<CellSpec> Specs)
{
    /// <summary>Whether all of it are numbers, which stand to the right.</summary>
    internal bool IsNumeric => Specs.Count == 1 && Specs[0].Kind == CellKind.Number;
}

/// <param name="Key">The values of the row's own fields, as they stand in the results.</param>
/// <param name="Heads">The same as people read them.</param>
/// <param name="Cells">What each column has; nothing where there is no result.</param>
internal sealed record TableRow(
    IReadOnlyList<FieldValue> Key, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<CellContent>> Cells);

/// <param name="Spec">What was asked for.</param>
/// <param name="Value">Its value; null of an image.</param>
/// <param name="Image">Its image.</param>
/// <param name="Entry">Where it is from; null of a row's name in a tile.</param>
internal sealed record CellContent(CellSpec Spec, FieldValue? Value, ResultFile? Image, Entry? Entry)
{
    /// <summary>Whether it is there.</summary>
    internal bool IsThere => Value is not null || Image is not null;
}
