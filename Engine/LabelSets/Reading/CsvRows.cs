using System.Text;
using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>A table of comma-separated values with a header; cells in quotes may hold commas.</summary>
internal sealed class CsvRows
{
    private readonly string _path;

    private CsvRows(string path, string[] columns, List<string[]> rows) => (_path, Columns, Rows) = (path, columns, rows);

    /// <summary>The header's cells.</summary>
    public string[] Columns { get; }

    /// <summary>The lines below it.</summary>
    public List<string[]> Rows { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It cannot be read, is larger, or has no lines.</exception>
    public static CsvRows Of(LabelFolder folder, string file, int most)
    {
        string path = folder.Full(file);
        string[] lines = Encoding.UTF8.GetString(folder.Bytes(file, most)).TrimStart('\uFEFF').Split('\n');
        List<string[]> rows = [.. lines.Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0).Select(Cells)];
        return rows.Count > 1 ? new CsvRows(path, rows[0], rows[1..])
            : throw new InputException($"{path}: has {rows.Count} lines, expected a header and a line for each entry");
    }

    /// <summary>Checks that columns are there.</summary>
    /// <exception cref="InputException">One is not.</exception>
    public void Require(params string[] columns)
    {
        if (columns.Except(Columns).FirstOrDefault() is { } missing)
        {
            throw new InputException($"{_path}: has no column '{missing}'");
        }
    }

    /// <summary>A cell; empty where the line is too short.</summary>
    public string Cell(string[] row, string column) => Array.IndexOf(Columns, column) is var at && at < row.Length ? row[at] : "";

    private static string[] Cells(string line)
    {
        if (!line.Contains('"', StringComparison.Ordinal))
        {
            return line.Split(',');
        }

        var cells = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                cell.Append(line[++i]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(line[i]);
            }
        }

        return [.. cells, cell.ToString()];
    }
}
