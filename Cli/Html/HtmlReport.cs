using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Evidence;
using Interp.Engine.Imaging;

namespace Interp.Cli.Html;

/// <summary>
/// <c>report.html</c>: every picture with all its maps, numbers and settings on one page that loads nothing from elsewhere. It is made from the files of the
/// results, so that results of earlier runs are in it too. The same results give the same bytes.
/// </summary>
internal static class HtmlReport
{
    /// <summary>About the most bytes that all maps together may take; beyond, they are kept more coarsely and the page says so.</summary>
    private const long MostBytes = 64L << 20;

    /// <summary>Bytes of a map of 224×224 pixels, in base 64.</summary>
    private const long MapBytes = 224 * 224 * 2 * 4 / 3;

    /// <summary>Writes the page.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="lines">The results, those of one picture next to each other.</param>
    /// <exception cref="Engine.Common.OutputException">The page cannot be written.</exception>
    internal static void Write(string file, IReadOnlyList<SaliencyLine> lines)
    {
        int coarser = (int)Math.Ceiling(Math.Sqrt(lines.Count * MapBytes / (double)MostBytes));
        var data = new ReportData(
            About(lines[0].Manifest, coarser),
            Colormap.All.ToDictionary(c => c.Name, Table),
            [.. lines.GroupBy(l => l.Name).Select(g => ImageOf([.. g], coarser))]);
        string page = Resource("report.html")
            .Replace("{{title}}", WebUtility.HtmlEncode($"What {lines[0].Manifest.Model} looks at"), StringComparison.Ordinal)
            .Replace("{{css}}", Resource("report.css"), StringComparison.Ordinal)
            .Replace("{{js}}", Resource("report.js"), StringComparison.Ordinal)
            .Replace("{{data}}", JsonSerializer.Serialize(data, ReportJson.Default.ReportData), StringComparison.Ordinal);
        OutputFile.Write(file, "--out", s => s.Write(Encoding.UTF8.GetBytes(page)));
    }

    private static string[] About(Manifest m, int coarser)
    {
        string[] about = [$"model {m.Model}", m.ModelHash.Length > 12 ? $"hash {m.ModelHash[..12]}" : "no hash", $"seed {m.Seed}", $"backend {m.Backend}, {m.InstructionSet}", $"interp {m.Version}"];
        return coarser > 1 ? [.. about, $"so many maps that each value here is the mean of {coarser}x{coarser} pixels; the .npy files have all"] : about;
    }

    private static ReportImage ImageOf(SaliencyLine[] lines, int coarser)
    {
        Manifest m = lines[0].Manifest;
        byte[] png = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(lines[0].Folder)!, "input.png"));
        // A PNG says its size behind the signature and the first chunk's head.
        (int width, int height) = (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        string target = m.Target is "channel" or "neuron" ? m.TargetDescription : $"{m.TargetDescription}, {m.Label} ({Readable.Percent(m.Probability)})";
        return new ReportImage(lines[0].Name, width, height, $"data:image/png;base64,{Convert.ToBase64String(png)}", target, m.Top, [.. lines.Select(l => MapOf(l, coarser))]);
    }

    private static ReportMap MapOf(SaliencyLine line, int coarser)
    {
        Manifest m = line.Manifest;
        ReportPlane plane = ReportPlane.Read(Path.Combine(line.Folder, "attribution.npy"), m.Options.TryGetValue("reduce", out object? reduction) ? $"{reduction}" : null, coarser);
        return new ReportMap(m.Method, AttributionCatalog.All.Find(m.Method).Title, plane.Columns, plane.Rows, plane.Unit, plane.Data)
        {
            Minimum = m.RawMin,
            Maximum = m.RawMax,
            Time = m.TimeMs,
            Forward = m.ForwardPasses,
            Backward = m.BackwardPasses,
            Options = m.Options,
            Facts = m.Facts,
            Evidence = [.. EvidenceCatalog.All.SelectMany(e => e.Columns).Where(c => m.Evidence.ContainsKey(c.Name))
                .Select(c => new ReportEvidence(c.Name, c.Title, m.Evidence[c.Name], c.Better.ToString().ToLowerInvariant()))],
            Verdicts = [.. m.Verdicts.Values],
            Diagnosis = m.Diagnosis,
        };
    }

    private static string Table(Colormap colors) =>
        Convert.ToBase64String([.. Enumerable.Range(0, 256).Select(i => colors.Color(i / 255.0)).SelectMany(c => (byte[])[c.R, c.G, c.B])]);

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
