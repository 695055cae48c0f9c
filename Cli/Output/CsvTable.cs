using System.Globalization;
using System.Text;

namespace Interp.Cli.Output;

/// <summary>A table as comma-separated values (RFC 4180, lines end in a line feed).</summary>
internal sealed class CsvTable
{
    private readonly StringBuilder _text = new();

    internal void Add(IEnumerable<string> cells) => _text.AppendJoin(',', cells.Select(Quote)).Append('\n');

    /// <summary>A number in full; an empty cell for NaN.</summary>
    internal static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Number(double)"/>
    internal static string Number(float value) => float.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The rows of a table, the first of which are its columns' names.</summary>
    internal static IReadOnlyList<IReadOnlyList<string>> Rows(string text)
    {
        var rows = new List<IReadOnlyList<string>>();
        var row = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted)
            {
                bool isDouble = c == '"' && i + 1 < text.Length && text[i + 1] == '"';
                quoted = c != '"' || isDouble;
                cell.Append(quoted ? c.ToString() : "");
                i += isDouble ? 1 : 0;
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                {
                    rows.Add(row);
                    row = [];
                }
            }
            else if (c != '\r')
            {
                cell.Append(c);
            }
        }

        if (cell.Length > 0 || row.Count > 0)
        {
            rows.Add([.. row, cell.ToString()]);
        }

        return rows;
    }

    /// <summary>All lines.</summary>
    public override string ToString() => _text.ToString();

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\n\r") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
