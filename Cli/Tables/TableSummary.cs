using System.Text;
using System.Text.Json;
using Interp.Cli.Output;
using Interp.Cli.Tables.Reading;

namespace Interp.Cli.Tables;

/// <summary>What <c>table</c> prints: the table as text, or all of it as JSON, numbers with the very digits of the results.</summary>
internal static class TableSummary
{
    private const int MostMissing = 5, Widest = 60;

    internal static void Show(Invocation run, ResultTable table, TablePlan plan, IReadOnlyList<string> files)
    {
        if (run.Json)
        {
            run.WriteLine(Json(table, plan, files));
            return;
        }

        var text = new TextTable([
            .. table.RowTitles.Select((t, i) => table.Rows.All(r => r.Key[i].IsNumber) ? $"{t}#" : t),
            .. table.Columns.Select(c => c.IsNumeric ? $"{c.Title}#" : c.Title)]);
        foreach (TableRow row in table.Rows)
        {
            text.Add([
                .. row.Heads.Select(h => Readable.Cut(h, Widest)),
                .. row.Cells.Select(cell => string.Join(
                    "; ", cell.Where(c => c.IsThere).Select(c => Readable.Cut(Cell(table, c), Widest))))]);
        }

        run.Write(text);
        foreach (string line in table.Missing.Take(MostMissing))
        {
            run.Note($"empty: {line}");
        }

        if (table.Missing.Count > MostMissing)
        {
            run.Note($"{table.Missing.Count - MostMissing} more cells are empty; --json lists them");
        }

        run.Note($"the table is in {string.Join(", ", files.Select(Readable.Path))}");
    }

    /// <summary>The fields that results have, with a value of each.</summary>
    internal static void ShowFields(Invocation run, IReadOnlyList<FoundResult> results)
    {
        var text = new TextTable("result", "each", "field", "for example");
        var lines = new List<(string Kind, string Source, string Field, FieldValue Value)>();
        foreach (FoundResult result in results.DistinctBy(r => r.Kind))
        {
            HashSet<string> known = [];
            foreach (string source in EntrySource.Names([result]))
            {
                if (EntrySource.Read([result], source, run.Note) is [{ } entry, ..])
                {
                    lines.AddRange(entry.Fields().DistinctBy(f => f.Path)
                        .Where(f => !f.Path.StartsWith("sha256.", StringComparison.Ordinal) && known.Add($"{f.Path}={f.Value.Text}"))
                        .Select(f => (result.Kind.Name, source, f.Path, f.Value)));
                }
            }
        }

        if (run.Json)
        {
            run.WriteLine(Written(w =>
            {
                w.WriteStartArray();
                foreach ((string kind, string source, string field, FieldValue value) in lines)
                {
                    w.WriteStartObject();
                    w.WriteString("result", kind);
                    w.WriteString("each", source);
                    w.WriteString("field", field);
                    Value(w, "example", value);
                    w.WriteEndObject();
                }

                w.WriteEndArray();
            }));
            return;
        }

        foreach ((string kind, string source, string field, FieldValue value) in lines)
        {
            text.Add(kind, source, field, Readable.Cut(value.Text, Widest));
        }

        run.Write(text);
    }

    private static string Cell(ResultTable table, CellContent content) =>
        content.Image is { } image ? Readable.Path(image.Path) : table.Text(content);

    private static string Json(ResultTable table, TablePlan plan, IReadOnlyList<string> files) => Written(w =>
    {
        w.WriteStartObject();
        w.WriteString("title", table.Title);
        w.WriteString("each", plan.Each);
        Texts(w, "rows", plan.Rows.Select(r => r.Field));
        Texts(w, "columns", plan.Columns.Select(c => c.Field));
        Texts(w, "cells", plan.Head.Concat(plan.Cells).Select(c => c.ToString()));
        w.WriteStartArray("table");
        foreach (TableRow row in table.Rows)
        {
            w.WriteStartObject();
            w.WriteStartObject("row");
            for (int i = 0; i < row.Key.Count; i++)
            {
                Value(w, plan.Rows[i].Field, row.Key[i]);
            }

            w.WriteEndObject();
            w.WriteStartArray("cells");
            for (int i = 0; i < row.Cells.Count; i++)
            {
                foreach (CellContent content in row.Cells[i])
                {
                    Write(w, table.Columns[i], content);
                }
            }

            w.WriteEndArray();
            w.WriteEndObject();
        }

        w.WriteEndArray();
        Texts(w, "missing", table.Missing);
        Texts(w, "files", files);
        w.WriteString("made", table.Made);
        w.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter w, TableColumn column, CellContent content)
    {
        w.WriteStartObject();
        w.WriteString("column", column.Title);
        w.WriteString("cell", content.Spec.ToString());
        if (content.Image is { } image)
        {
            w.WriteString("image", image.Path);
        }
        else if (content.Value is { } value)
        {
            Value(w, content.Spec.Kind == CellKind.Number ? "number" : "text", value);
        }

        w.WriteString("result", content.Entry!.Result.Folder);
        w.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter w, string name, FieldValue value)
    {
        w.WritePropertyName(name);
        if (value.IsNumber)
        {
            w.WriteRawValue(value.Text);
        }
        else
        {
            w.WriteStringValue(value.Text);
        }
    }

    private static void Texts(Utf8JsonWriter w, string name, IEnumerable<string> texts)
    {
        w.WriteStartArray(name);
        foreach (string text in texts)
        {
            w.WriteStringValue(text);
        }

        w.WriteEndArray();
    }

    private static string Written(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        JsonSerializerOptions style = JsonStyle.Pretty();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = style.Encoder }))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
