using System.Globalization;
using Spectre.Console;

namespace Interp.Cli.Output;

/// <summary>The look of the program's tables and numbers.</summary>
internal static class Tables
{
    /// <summary>An empty table; names of columns that hold numbers end in <c>#</c> and are aligned to the right.</summary>
    internal static Table Create(params IEnumerable<string> columns)
    {
        Table table = new Table().Border(TableBorder.None);
        foreach (string column in columns)
        {
            TableColumn header = new TableColumn(new Text(column.TrimEnd('#').ToUpperInvariant(), new Style(decoration: Decoration.Bold))).NoWrap().PadRight(2);
            table.AddColumn(column.EndsWith('#') ? header.RightAligned() : header);
        }

        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    internal static void Row(this Table table, params IEnumerable<string> cells) => table.AddRow([.. cells.Select(c => new Text(c))]);

    internal static string Percent(double probability) => double.IsNaN(probability) ? "NaN"
        : probability is > 0 and < 1e-4 ? $"{100 * probability:0.0e+0} %"
        : $"{100 * probability:0.00} %";

    internal static string Number(double value) => value.ToString("0.####;-0.####", CultureInfo.InvariantCulture) is var text && text is "0" or "-0" && value != 0
        ? value.ToString("0.##e+0", CultureInfo.InvariantCulture)
        : text;

    internal static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Size(long bytes) => bytes >= 1 << 20 ? $"{bytes / 1048576.0:0.0} MiB" : $"{bytes / 1024.0:0.0} KiB";

    /// <summary>A path as it is shortest to read: relative to the current folder where it lies below it.</summary>
    internal static string Path(string path)
    {
        string relative = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
