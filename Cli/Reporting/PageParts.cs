using System.Net;
using Interp.Cli.Output;
using Interp.Engine.Imaging;

namespace Interp.Cli.Reporting;

/// <summary>What pages are put together from.</summary>
internal static class PageParts
{
    /// <summary>Text in which nothing is markup; nothing where there is none.</summary>
    internal static string Html(string? text) => WebUtility.HtmlEncode(text) ?? "";

    /// <summary>A paragraph of one sentence, of which the first letter is small and the full stop not there yet.</summary>
    internal static void WriteSentence(TextWriter writer, string words, string style = "summary") =>
        writer.Write($"<p class=\"{style}\">{Html(Readable.Capitalised(words))}.</p>\n");

    /// <summary>A table; names of columns may end in <c>#</c>, as those of text tables.</summary>
    internal static void WriteTable(TextWriter writer, IEnumerable<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        string heads = string.Concat(columns.Select(c => $"<th>{Html(c.TrimEnd('#'))}</th>"));
        writer.Write($"<table><thead><tr>{heads}</tr></thead><tbody>\n");
        foreach (IReadOnlyList<string> cells in rows)
        {
            writer.Write($"<tr>{string.Concat(cells.Select(c => $"<td>{Html(c)}</td>"))}</tr>\n");
        }

        writer.Write("</tbody></table>\n");
    }

    /// <summary>The address of an image that lies in the page itself.</summary>
    internal static string Data(RgbImage image) => Data(PngChunks.Encode(image));

    /// <summary>The same of a PNG file's bytes.</summary>
    internal static string Data(byte[] png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";
}
