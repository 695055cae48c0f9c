using Interp.Engine.Common;

namespace Interp.Cli.Tables.Formats;

/// <summary>A form in which a table is written.</summary>
/// <param name="name">Its name, which is also the file's ending.</param>
internal abstract class TableFormat(string name)
{
    /// <summary>All formats.</summary>
    internal static Catalog<TableFormat> All { get; } = new(
        "format", f => f.Name, new HtmlTable(), new MarkdownTable(), new CsvFormat(), new PngSheet());

    internal string Name => name;

    /// <summary>Writes the table.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="table">The table.</param>
    /// <param name="place">Where the file lies, and how images are shown.</param>
    internal abstract void Write(Stream stream, ResultTable table, TablePlace place);
}

/// <summary>Where a table goes.</summary>
/// <param name="File">The file.</param>
/// <param name="Side">The longer side of an image in pixels.</param>
/// <param name="Copies">Whether images are copied beside a Markdown table.</param>
/// <param name="Note">Told of what is worth knowing.</param>
internal sealed record TablePlace(string File, int Side, bool Copies, Action<string> Note);
