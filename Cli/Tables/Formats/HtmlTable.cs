using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Cli.Tables.Reading;
using Interp.Engine.Common;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Tables.Formats;

/// <summary>The table as a page that needs nothing beside it: images lie in it, byte for byte as in the results.</summary>
internal sealed class HtmlTable() : TableFormat("html")
{
    private const long MostBytes = 512L << 20;

    /// <inheritdoc/>
    internal override void Write(Stream stream, ResultTable table, TablePlace place)
    {
        if (table.Images.Sum(i => new FileInfo(i.Path).Length) is var bytes && bytes > MostBytes)
        {
            throw new InputException($"the images of the table have {Readable.Size(bytes)}: expected at most {Readable.Size(MostBytes)} "
                + "in one page; choose with --where or --count, or write --format md");
        }

        HtmlTemplate.Table.Write(stream, (writer, name) =>
        {
            switch (name)
            {
                case "title":
                    writer.Write(Html(table.Title));
                    break;
                case "summary":
                    writer.Write(Html($"{Counted(table.Rows.Count, "row")}, {Counted(table.Columns.Count, "column")}. "
                        + (table.Digits is { } digits ? $"Numbers have {digits} significant digits; hover for all of them."
                            : "Numbers have the digits of the results' own files.")));
                    break;
                case "rows":
                    WriteRows(writer, table, place.Side);
                    break;
                case "missing":
                    WriteMissing(writer, table.Missing);
                    break;
                case "made":
                    writer.Write(Html(table.Made));
                    break;
                default:
                    throw new InvalidOperationException($"the template has an unknown place '{name}'");
            }
        });
    }

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{Readable.Count(count)} {what}s";

    private static void WriteRows(StreamWriter writer, ResultTable table, int side)
    {
        writer.Write("<thead><tr>");
        foreach (string title in table.RowTitles)
        {
            writer.Write($"<th scope=\"col\">{Html(title)}</th>");
        }

        foreach (TableColumn column in table.Columns)
        {
            writer.Write($"<th scope=\"col\"{(column.IsNumeric ? " class=\"number\"" : "")}>{Html(column.Title)}</th>");
        }

        writer.Write("</tr></thead>\n<tbody>\n");
        foreach (TableRow row in table.Rows)
        {
            writer.Write("<tr>");
            foreach (string head in row.Heads)
            {
                writer.Write($"<th scope=\"row\">{Html(head)}</th>");
            }

            string name = string.Join(", ", row.Heads);
            for (int i = 0; i < row.Cells.Count; i++)
            {
                WriteCell(writer, table, table.Columns[i], row.Cells[i], name, side);
            }

            writer.Write("</tr>\n");
        }

        writer.Write("</tbody>\n");
    }

    private static void WriteCell(
        StreamWriter writer, ResultTable table, TableColumn column, IReadOnlyList<CellContent> cell, string row, int side)
    {
        writer.Write(column.IsNumeric ? "<td class=\"number\">" : "<td>");
        foreach (CellContent content in cell.Where(c => c.Image is not null))
        {
            WriteImage(writer, content.Image!, $"{row}, {column.Title}{(column.Specs.Count > 1 ? $", {content.Spec.Title}" : "")}", side);
        }

        CellContent[] values = [.. cell.Where(c => c.Value is not null)];
        if (values.Length == 1)
        {
            WriteValue(writer, table, values[0], "span");
        }
        else if (values.Length > 1)
        {
            writer.Write("<dl>");
            foreach (CellContent content in values)
            {
                writer.Write(content.Entry is null ? "<div class=\"name\">" : $"<div><dt>{Html(content.Spec.Title)}</dt>");
                WriteValue(writer, table, content, "dd");
                writer.Write("</div>");
            }

            writer.Write("</dl>");
        }

        writer.Write("</td>");
    }

    private static void WriteValue(StreamWriter writer, ResultTable table, CellContent content, string element)
    {
        string shown = table.Text(content), whole = content.Value!.Value.Text;
        writer.Write($"<{element}{(shown == whole ? "" : $" title=\"{Html(whole)}\"")}>{Html(shown)}</{element}>");
    }

    private static void WriteImage(StreamWriter writer, ResultFile image, string words, int side)
    {
        if (image.Png() is { } png)
        {
            (int width, int height) = PngSheet.Fitted(PngChunks.SizeOf(png), side);
            writer.Write($"<img alt=\"{Html(words)}\" width=\"{width}\" height=\"{height}\" src=\"{Data(png)}\">");
        }
    }

    private static void WriteMissing(StreamWriter writer, IReadOnlyList<string> missing)
    {
        if (missing.Count > 0)
        {
            writer.Write($"<details class=\"missing\"><summary>{Counted(missing.Count, "cell")} without a result</summary><ul>\n");
            foreach (string line in missing)
            {
                writer.Write($"<li>{Html(line)}</li>\n");
            }

            writer.Write("</ul></details>\n");
        }
    }
}
