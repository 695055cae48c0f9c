using System.Text;
using Interp.Cli.Output;

namespace Interp.Cli.Examples;

/// <summary>
/// The results of <c>top-images</c> for a layer in a folder: cut-outs, sheets, <c>top-images.csv</c> and, last of all,
/// <c>manifest.json</c>. While a search has been
/// stopped, <c>progress.json</c> lies beside them.
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
        string[] files = [.. ExampleWriter.FilesOf(manifest.Units), TableName];
        _files.Add(TableName, s => s.Write(Encoding.UTF8.GetBytes(Table(manifest.Units))));
        manifest = manifest with { Files = files, Sha256 = _files.SumsOf(files) };
        _files.Settle(manifest);
        if (manifest.Complete)
        {
            OutputFile.Delete(ProgressPath, UnitFlags.OutName);
        }

        return manifest;
    }

    private static string Table(IEnumerable<UnitLine> units)
    {
        var table = new CsvTable();
        table.Add(["channel", "kind", "rank", "image", "part", "value", "mean", "y", "x", "left", "top", "right", "bottom", "crop"]);
        foreach (UnitLine unit in units)
        {
            foreach ((string kind, ExampleLine e) in unit.Most.Select(e => ("most", e)).Concat(unit.Least.Select(e => ("least", e))))
            {
                table.Add([$"{unit.Channel}", kind, $"{e.Rank}", e.Image, $"{e.Part}", CsvTable.Number(e.Value), CsvTable.Number(e.Mean),
                    $"{e.Y}", $"{e.X}", .. e.Box.Select(b => $"{b}"), e.Crop]);
            }
        }

        return table.ToString();
    }
}
