using System.Text.Json;
using Interp.Engine.Attribution;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Cli.Output;

/// <summary>
/// Writes the results under <c>OUT/image/method/</c>. Every file is whole or not there, and the manifest comes last: where it stands, all the others are
/// from the same run.
/// </summary>
internal sealed class SaliencyWriter
{
    private const string Option = "--out";
    internal const string InputName = "input.png";
    internal const string ValuesName = "attribution.npy";
    private const string ManifestName = "manifest.json";
    private readonly string _root;
    private readonly OutputNames _names = new();
    private readonly int _threads;

    /// <param name="root">The folder for all results.</param>
    /// <param name="pictures">How pictures are made.</param>
    /// <param name="threads">Threads that compress pictures, which takes as long as a backward pass.</param>
    internal SaliencyWriter(string root, PictureOptions pictures, int threads)
    {
        _root = root;
        _threads = threads;
        Pictures = pictures;
        OutputFile.CreateFolder(root, Option);
    }

    internal PictureOptions Pictures { get; }

    /// <summary>The folder of one input's results.</summary>
    internal string FolderOf(NetworkInput input, int? part) => Path.Combine(_root, _names.Take(input.Path, part));

    /// <summary>What is there of one method, if it is whole and from the same settings.</summary>
    internal static SaliencyLine? Existing(string imageFolder, string path, AttributionMethod method, string settings)
    {
        string folder = Path.Combine(imageFolder, method.Name);
        return Stored.Read(Path.Combine(folder, ManifestName), CliJson.Pretty.Manifest) is { } manifest && manifest.Settings == settings
            && manifest.Files.All(f => File.Exists(Path.Combine(folder, f)))
            ? new SaliencyLine(path, Path.GetFileName(imageFolder), folder, [.. manifest.Files, ManifestName], manifest)
            : null;
    }

    /// <summary>Writes the picture as the network sees it.</summary>
    internal static void WriteInput(string imageFolder, NetworkInput input) =>
        OutputFile.Write(Path.Combine(imageFolder, InputName), Option, s => ImageFile.WritePng(s, input.Picture));

    /// <summary>Writes the pictures, the raw values and the manifest of one method.</summary>
    internal SaliencyLine Write(string imageFolder, NetworkInput input, AttributionResult result, Manifest manifest)
    {
        string folder = Path.Combine(imageFolder, result.Method.Name);
        var files = new List<string>();
        OutputFile.CreateFolder(folder, Option);
        OutputFile.Delete(Path.Combine(folder, ManifestName), Option);
        (IReadOnlyList<(string Name, RgbImage Image)> pictures, IReadOnlyList<string> remarks) =
            AttributionPictures.Render(result.Values, result.Kind, input.Picture, Pictures);
        foreach ((string name, MemoryStream png) in pictures.AsParallel().AsOrdered().WithDegreeOfParallelism(_threads).Select(Encode).ToArray())
        {
            Add($"{name}.png", png.WriteTo);
        }

        Add(ValuesName, s => Npy.Write(s, result.Shape, result.Values));
        foreach (NamedArray array in result.Arrays)
        {
            Add($"{array.Name}.npy", s => Npy.Write(s, array.Shape, array.Values));
        }

        manifest = manifest with
        {
            Files = [.. files],
            Remarks = [.. remarks.Where(r => !result.Diagnosis.Any(d => d.StartsWith(r, StringComparison.Ordinal)))],
        };
        Stored.Write(Path.Combine(folder, ManifestName), Option, manifest, CliJson.Pretty.Manifest);
        files.Add(ManifestName);
        return new SaliencyLine(input.Path, Path.GetFileName(imageFolder), folder, files, manifest);

        void Add(string file, Action<Stream> write)
        {
            OutputFile.Write(Path.Combine(folder, file), Option, write);
            files.Add(file);
        }
    }

    private static (string Name, MemoryStream Png) Encode((string Name, RgbImage Image) picture)
    {
        var png = new MemoryStream();
        ImageFile.WritePng(png, picture.Image);
        return (picture.Name, png);
    }
}
