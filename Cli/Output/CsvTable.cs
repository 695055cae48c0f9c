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

    /// <summary>A text of foreign origin that is no number: an apostrophe stands before what a spreadsheet would take for a formula, so
    /// that a name which came with a file computes nothing there.</summary>
    internal static string Text(string value) =>
        value.Length > 0 && value[0] is ('=' or '+' or '-' or '@' or '\t' or '\r') ? $"'{value}" : value;

    /// <summary>All lines.</summary>
    public override string ToString() => _text.ToString();

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\n\r") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
