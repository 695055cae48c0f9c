using System.Text;
using System.Text.RegularExpressions;
using Interp.Cli.Output;

namespace Interp.Cli.Tables.Formats;

/// <summary>
/// The table in the Markdown of GitHub. Images are named by paths relative to the file, where the results lie, or copied into a folder
/// beside it. Nothing in a name or label is markup.
/// </summary>
internal sealed partial class MarkdownTable() : TableFormat("md")
{
    private const string Option = "--out";

    /// <inheritdoc/>
    internal override void Write(Stream stream, ResultTable table, TablePlace place)
    {
        var names = new OutputNames();
        var copies = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = new StringBuilder();
        Line(text, [.. table.RowTitles.Select(Escaped), .. table.Columns.Select(c => Escaped(c.Title))]);
        Line(text, [
            .. table.RowTitles.Select((_, i) => table.Rows.Count > 0 && table.Rows.All(r => r.Key[i].IsNumber) ? "---:" : "---"),
            .. table.Columns.Select(c => c.IsNumeric ? "---:" : "---")]);
        foreach (TableRow row in table.Rows)
        {
            Line(text, [.. row.Heads.Select(Escaped), .. row.Cells.Select(Cells)]);
        }

        stream.Write(Encoding.UTF8.GetBytes(text.ToString()));

        string Cells(IReadOnlyList<CellContent> cell) =>
            string.Join("<br>", cell.Where(c => c.IsThere).OrderBy(c => c.Image is null).Select(c => Cell(c, cell)));

        string Cell(CellContent content, IReadOnlyList<CellContent> all) => content.Image is { } image
            ? $"![{Escaped(content.Spec.Title)}]({Address(image.Path)})"
            : $"{(all.Count(c => c.Value is not null) > 1 && content.Entry is not null ? $"{Escaped(content.Spec.Title)}: " : "")}"
                + (content.Value is { IsNumber: true } ? table.Text(content) : Escaped(table.Text(content)));

        string Address(string path)
        {
            string file = place.Copies ? copies.TryGetValue(path, out string? copy) ? copy : copies[path] = Copy(path, names, place) : path;
            return string.Join('/', Relative(place.File, file).Split('/').Select(p => p is ".." or "." ? p : Uri.EscapeDataString(p)));
        }
    }

    /// <summary>A file's path relative to the folder of another, with slashes.</summary>
    internal static string Relative(string from, string to) =>
        Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(from))!, to).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>The folder of copied images beside a table.</summary>
    internal static string CopiesOf(string file) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $"{Path.GetFileNameWithoutExtension(file)}-images");

    private static string Copy(string path, OutputNames names, TablePlace place)
    {
        string[] parts = path.Split(Path.DirectorySeparatorChar);
        string name = $"{names.Take(string.Join('-', parts.TakeLast(3)), null)}{Path.GetExtension(path)}";
        string file = Path.Combine(CopiesOf(place.File), name);
        byte[] bytes = File.ReadAllBytes(path);
        OutputFile.Write(file, Option, s => s.Write(bytes));
        return file;
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Escaped(string text) => Special().Replace(text, m => m.Value switch
    {
        "<" => "&lt;",
        ">" => "&gt;",
        "&" => "&amp;",
        var c when char.IsControl(c[0]) => " ",
        var c => $"\\{c}",
    });

    [GeneratedRegex(@"[\\`*_\[\]|<>&#~$\p{Cc}]")]
    private static partial Regex Special();
}
