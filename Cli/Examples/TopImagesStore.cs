using System.Text;
using Interp.Cli.Output;

namespace Interp.Cli.Examples;

/// <summary>
/// The results of <c>top-images</c> for a layer in a folder: cut-outs, sheets, <c>top-images.csv</c> and, last of all, <c>manifest.json</c>. While a search has been
/// stopped, <c>progress.json</c> lies beside them.
/// </summary>
internal sealed class TopImagesStore(string folder, string settings)
{
    private const string ManifestName = "manifest.json";
    private const string TableName = "top-images.csv";

    internal string Folder => folder;

    internal string ProgressPath => Path.Combine(folder, "progress.json");

    /// <summary>The finished result of the same settings, or null.</summary>
    internal TopImagesManifest? Existing() => Stored.Read(Path.Combine(folder, ManifestName), CliJson.Pretty.TopImagesManifest) is { Complete: true } manifest
        && manifest.Settings == settings && manifest.Files.All(f => File.Exists(Path.Combine(folder, f))) ? manifest : null;

    /// <summary>Removes the manifest, since the files that it describes are about to change.</summary>
    internal void Begin()
    {
        OutputFile.CreateFolder(folder, UnitFlags.OutName);
        OutputFile.Delete(Path.Combine(folder, ManifestName), UnitFlags.OutName);
    }

    /// <summary>Writes table and manifest; nothing of an unfinished search is left if it is complete.</summary>
    internal TopImagesManifest Save(TopImagesManifest manifest)
    {
        manifest = manifest with { Files = [.. ExampleWriter.FilesOf(manifest.Units), TableName] };
        OutputFile.Write(Path.Combine(folder, TableName), UnitFlags.OutName, s => s.Write(Encoding.UTF8.GetBytes(Table(manifest.Units))));
        Stored.Write(Path.Combine(folder, ManifestName), UnitFlags.OutName, manifest, CliJson.Pretty.TopImagesManifest);
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
                table.Add([$"{unit.Channel}", kind, $"{e.Rank}", e.Image, $"{e.Part}", CsvTable.Number(e.Value), CsvTable.Number(e.Mean), $"{e.Y}", $"{e.X}", .. e.Box.Select(b => $"{b}"), e.Crop]);
            }
        }

        return table.ToString();
    }
}
