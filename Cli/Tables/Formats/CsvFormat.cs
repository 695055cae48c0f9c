using System.Text;
using Interp.Cli.Output;

namespace Interp.Cli.Tables.Formats;

/// <summary>
/// The table as comma-separated values, every number with all its digits, whatever rounding was asked for; images by their files, relative
/// to the table. Of columns with several things in a cell each has a column of its own.
/// </summary>
internal sealed class CsvFormat() : TableFormat("csv")
{
    /// <inheritdoc/>
    internal override void Write(Stream stream, ResultTable table, TablePlace place)
    {
        var csv = new CsvTable();
        csv.Add([
            .. table.RowTitles.Select(CsvTable.Text),
            .. table.Columns.SelectMany(c => c.Specs.Select(s => CsvTable.Text(c.Specs.Count == 1 ? c.Title : $"{c.Title} {s.Title}")))]);
        foreach (TableRow row in table.Rows)
        {
            csv.Add([
                .. row.Key.Select(k => k.IsNumber ? k.Text : CsvTable.Text(k.Text)),
                .. table.Columns.SelectMany((c, i) =>
                    c.Specs.Select((_, k) => k < row.Cells[i].Count ? Cell(row.Cells[i][k], place) : ""))]);
        }

        stream.Write(Encoding.UTF8.GetBytes(csv.ToString()));
    }

    private static string Cell(CellContent content, TablePlace place) => content switch
    {
        { Image: { } image } => CsvTable.Text(MarkdownTable.Relative(place.File, image.Path)),
        { Value: { IsNumber: true } number } => number.Text,
        { Value: { } text } => CsvTable.Text(text.Text),
        _ => "",
    };
}
