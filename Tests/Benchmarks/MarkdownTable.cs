namespace Interp.Benchmarks;

/// <summary>A table in Markdown, with columns lined up.</summary>
internal sealed class MarkdownTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Appends a row.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes the table to standard output.</summary>
    public void Print()
    {
        int[] widths = [.. columns.Select((c, i) => _rows.Select(r => r[i].Length).Append(c.Length).Max())];
        Write(columns);
        Write([.. widths.Select(w => new string('-', w))]);
        _rows.ForEach(Write);
        Console.WriteLine();

        void Write(string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells.Select((c, i) => c.PadRight(widths[i])))} |");
    }
}
