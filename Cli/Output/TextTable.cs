namespace Interp.Cli.Output;

/// <summary>
/// Aligned columns without lines, as other command-line tools print them: it can be read, piped and cut, and a line longer than the
/// terminal is left to
/// the terminal to break. Names of columns that hold numbers end in <c>#</c> and are aligned to the right.
/// </summary>
internal sealed class TextTable(params IReadOnlyList<string> columns)
{
    private const string Gap = "  ";
    private readonly List<IReadOnlyList<string>> _rows = [[.. columns.Select(c => c.TrimEnd('#').ToUpperInvariant())]];

    /// <summary>Adds a row. Control characters, as a file's name may hold, become spaces: a row is one line, and commands no
    /// terminal.</summary>
    internal void Add(params IReadOnlyList<string> cells) => _rows.Add(
        [.. cells.Select(Readable.Line)]);

    /// <summary>The header and all rows.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Rows => _rows;

    /// <summary>The header and all rows, each on a line of its own.</summary>
    internal IEnumerable<string> Lines()
    {
        int[] widths = [.. Enumerable.Range(0, columns.Count).Select(i => _rows.Max(r => r[i].Length))];
        return _rows.Select(row => string.Join(Gap, row.Select((cell, i) => Align(cell, i))).TrimEnd());

        string Align(string cell, int column) =>
            columns[column].EndsWith('#') ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]);
    }
}
