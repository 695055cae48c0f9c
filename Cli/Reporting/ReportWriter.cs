using Interp.Cli.Evaluation;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Evidence;
using Interp.Engine.Imaging;

namespace Interp.Cli.Reporting;

/// <summary>
/// Writes what <c>saliency</c> found as pages that need nothing beside them, <c>report.html</c>, and <c>report-2.html</c> and so on where
/// there are so many images that
/// one file would be too large for a browser. Made from the files of the results, so that those of earlier runs count as well.
/// </summary>
internal static class ReportWriter
{
    private const string Option = "--out";

    /// <summary>Writes the pages; returns their paths.</summary>
    /// <param name="root">The folder of the results.</param>
    /// <param name="lines">The results, those of one image together.</param>
    /// <param name="methods">The methods with their options.</param>
    /// <param name="drawing">How channels become one value.</param>
    /// <param name="target">What was explained, in words.</param>
    /// <param name="evidence">What was measured, or null.</param>
    /// <param name="mostBytes">About the most bytes of one file; more only where a single image needs them.</param>
    internal static IReadOnlyList<string> Write(
        string root,
        IReadOnlyList<SaliencyLine> lines,
        IReadOnlyList<(AttributionMethod Method, OptionValues Options)> methods,
        ImageOptions drawing,
        string target,
        EvidencePlan? evidence,
        long mostBytes)
    {
        IReadOnlyList<SaliencyLine>[][] pages = [
            .. Split([.. lines.GroupBy(l => l.Name).Select(g => (IReadOnlyList<SaliencyLine>)[.. g])], mostBytes)];
        ReportFile[] files = [
            .. pages.Select((page, i) =>
            new ReportFile(i == 0 ? "report.html" : $"report-{i + 1}.html", page.Length == 1 ? page[0][0].Name
            : $"{page[0][0].Name} to {page[^1][0].Name}"))];
        for (int i = 0; i < pages.Length; i++)
        {
            var page = new ReportPage(Document(pages[i], methods, target, evidence) with { Pages = files, Page = i }, pages[i], methods,
                drawing);
            OutputFile.Write(Path.Combine(root, files[i].File), Option, page.Write);
        }

        for (int i = pages.Length + 1; i > 1 && File.Exists(Path.Combine(root, $"report-{i}.html")); i++)
        {
            OutputFile.Delete(Path.Combine(root, $"report-{i}.html"), Option);
        }

        return [.. files.Select(f => Path.Combine(root, f.File))];
    }

    private static IEnumerable<IReadOnlyList<SaliencyLine>[]> Split(IReadOnlyList<SaliencyLine>[] images, long mostBytes)
    {
        var page = new List<IReadOnlyList<SaliencyLine>>();
        long bytes = 0;
        foreach (IReadOnlyList<SaliencyLine> image in images)
        {
            // Four thirds for base64; two bytes a value and three a pixel of the image.
            long more = image.Sum(l => Pixels(l.Manifest) * 2 * 4 / 3) + (Pixels(image[0].Manifest) * 3 * 4 / 3);
            if (page.Count > 0 && bytes + more > mostBytes)
            {
                yield return [.. page];
                page.Clear();
                bytes = 0;
            }

            page.Add(image);
            bytes += more;
        }

        if (page.Count > 0)
        {
            yield return [.. page];
        }
    }

    private static long Pixels(Manifest manifest) => (long)manifest.Shape[1] * manifest.Shape[2];

    private static ReportDocument Document(
        IReadOnlyList<SaliencyLine>[] images, IReadOnlyList<(AttributionMethod Method, OptionValues Options)> methods, string target,
        EvidencePlan? evidence)
    {
        Manifest first = images[0][0].Manifest;
        HashSet<string> measured = [.. images.SelectMany(i => i).SelectMany(l => l.Manifest.Evidence.Keys)];
        return new ReportDocument
        {
            Model = first.Model,
            ModelHash = first.ModelHash,
            Activation = first.Activation,
            Target = target,
            Seed = first.Seed,
            Backend = $"{first.Backend}, {first.InstructionSet}, {first.Threads} threads",
            Evidence = evidence?.Settings ?? [],
            Columns = [.. from c in EvidenceCatalog.All.SelectMany(m => m.Columns) where measured.Contains(c.Name)
            select new ReportColumn(c.Name, c.Title, c.Better.ToString().ToLowerInvariant())],
            Colormaps = [
            .. Colormap.All.Select(c =>
            new ReportColors(c.Name, string.Concat(Enumerable.Range(0, 256).Select(i => Hex(c.Color(i / 255.0))))))],
            Methods = [.. methods.Select(m =>
            new ReportMethod(m.Method.Name, m.Method.Title, AttributionCatalog.FamilyOf(m.Method).Title, m.Method.Summary,
            m.Method.Paper))],
            Images = [.. images.Select(i => ImageOf(i[0].Name, i[0].Manifest))],
            Maps = [],
            Pages = [],
            Page = 0,
        };
    }

    private static ReportImage ImageOf(string name, Manifest m) =>
        new(name, Readable.Path(m.Image), m.ImageHash, TargetWords.Of(m), m.Class, m.Top);

    private static string Hex((byte R, byte G, byte B) color) => $"{color.R:x2}{color.G:x2}{color.B:x2}";
}
