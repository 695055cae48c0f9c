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

    /// <summary>All lines.</summary>
    public override string ToString() => _text.ToString();

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\n\r") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
