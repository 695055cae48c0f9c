using System.Text;
using Interp.Cli.Output;
using Interp.Cli.Reporting;

namespace Interp.Cli.Examples;

/// <summary>
/// The results of <c>top-images</c> for a layer in a folder: cut-outs, sheets, <c>top-images.csv</c> and, last of all,
/// <c>manifest.json</c>. While a search has been stopped, <c>progress.json</c> lies beside them.
/// </summary>
internal sealed class TopImagesStore(string folder, string settings)
{
    private const string TableName = "top-images.csv";

    private readonly ResultFolder<TopImagesManifest> _files = new(folder, ExampleJson.Strict.TopImagesManifest);

    internal string Folder => folder;

    /// <summary>Takes what is written.</summary>
    internal ResultFiles Files => _files;

    internal string ProgressPath => Path.Combine(folder, "progress.json");

    /// <summary>The finished result of the same settings, or null.</summary>
    internal TopImagesManifest? Existing() => _files.Existing(settings) is { Complete: true } manifest ? manifest : null;

    /// <summary>Makes room for this search's files: the result of another search goes, and is named in words if it was complete.</summary>
    internal string? Begin()
    {
        return _files.Begin(settings) is { Complete: true } other
            ? $"{Readable.Path(folder)} held another search, {other.Units.Count} channels in {other.Images} images by {other.Model}: it "
                + $"is replaced; another {UnitFlags.OutName} keeps both"
            : null;
    }

    /// <summary>Writes table and manifest; nothing of an unfinished search is left if it is complete.</summary>
    internal TopImagesManifest Save(TopImagesManifest manifest)
    {
        manifest = Settle(manifest with { Sha256 = _files.SumsOf(ExampleWriter.FilesOf(manifest.Units)) });
        if (manifest.Complete)
        {
            OutputFile.Delete(ProgressPath, UnitFlags.OutName);
        }

        return manifest;
    }

    /// <summary>Writes table and manifest of a finished result anew, with other labels; all else stays.</summary>
    internal TopImagesManifest Relabel(TopImagesManifest manifest, UnitLabels? labels)
    {
        _files.Begin(settings);
        return Settle(manifest.With(labels));
    }

    private TopImagesManifest Settle(TopImagesManifest manifest)
    {
        _files.Add(TableName, s => s.Write(Encoding.UTF8.GetBytes(Table(manifest.Units))));
        manifest = manifest with
        {
            Files = [.. ExampleWriter.FilesOf(manifest.Units), TableName],
            Sha256 = new Dictionary<string, string>(manifest.Sha256) { [TableName] = _files.SumsOf([TableName])[TableName] },
        };
        _files.Settle(manifest);
        return manifest;
    }

    private static string Table(IEnumerable<UnitLine> units)
    {
        var table = new CsvTable();
        table.Add(["channel", "kind", "rank", "image", "part", "value", "mean", "y", "x", "left", "top", "right", "bottom", "crop",
            "label", "category", "iou", "p"]);
        foreach (UnitLine unit in units)
        {
            foreach ((string kind, ExampleLine e) in unit.Most.Select(e => ("most", e)).Concat(unit.Least.Select(e => ("least", e))))
            {
                table.Add([$"{unit.Channel}", kind, $"{e.Rank}", e.Image, $"{e.Part}", CsvTable.Number(e.Value), CsvTable.Number(e.Mean),
                    $"{e.Y}", $"{e.X}", .. e.Box.Select(b => $"{b}"), e.Crop, unit.Label?.Label ?? "", unit.Label?.Category ?? "",
                    CsvTable.Number(unit.Label?.Iou ?? double.NaN), CsvTable.Number(unit.Label?.P ?? double.NaN)]);
            }
        }

        return table.ToString();
    }
}
