using System.Security.Cryptography;
using System.Text;

namespace Interp.Cli.Reporting;

/// <summary>The page of a report with places to fill, <c>{{name}}</c>, and the style and script that go into it as they are.</summary>
internal static class HtmlTemplate
{
    private static readonly string[] s_scripts = ["maps.js", "page.js", "results.js", "start.js"];

    internal static string Style { get; } = Resource("report.css");

    internal static string Script { get; } = string.Concat(s_scripts.Select(Resource));

    /// <summary>
    /// What a browser may do with the page: run this script, use this style, show the pictures inside. Nothing can be loaded, and no script that came with a name or
    /// a label would run.
    /// </summary>
    internal static string Policy { get; } = $"default-src 'none'; img-src data:; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'";

    /// <summary>Writes the page, with each place written by the caller in its turn.</summary>
    internal static void Write(TextWriter writer, Action<string> fill)
    {
        string[] parts = Resource("report.html").Split("{{");
        writer.Write(parts[0]);
        foreach (string part in parts[1..])
        {
            int end = part.IndexOf("}}", StringComparison.Ordinal);
            fill(part[..end]);
            writer.Write(part[(end + 2)..]);
        }
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlTemplate).Assembly.GetManifestResourceStream($"Report/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
