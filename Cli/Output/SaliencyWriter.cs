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

    /// <summary>Writes the picture as the network sees it; returns the image's folder.</summary>
    internal string Begin(NetworkInput input, int? part)
    {
        string folder = Path.Combine(_root, _names.Take(input.Path, part));
        OutputFile.Write(Path.Combine(folder, "input.png"), Option, s => ImageFile.WritePng(s, input.Picture));
        return folder;
    }

    private static (string Name, MemoryStream Png) Encode((string Name, RgbImage Image) picture)
    {
        var png = new MemoryStream();
        ImageFile.WritePng(png, picture.Image);
        return (picture.Name, png);
    }

    /// <summary>Writes the pictures, the raw values and the manifest of one method.</summary>
    internal SaliencyLine Write(string imageFolder, NetworkInput input, AttributionResult result, Manifest manifest)
    {
        string folder = Path.Combine(imageFolder, result.Method.Name);
        var files = new List<string>();
        OutputFile.CreateFolder(folder, Option);
        OutputFile.Delete(Path.Combine(folder, ManifestName), Option);
        (IReadOnlyList<(string Name, RgbImage Image)> pictures, IReadOnlyList<string> remarks) =
            AttributionPictures.Render(result.Values, result.Method.Kind, input.Picture, Pictures);
        foreach ((string name, MemoryStream png) in pictures.AsParallel().AsOrdered().WithDegreeOfParallelism(_threads).Select(Encode).ToArray())
        {
            Add($"{name}.png", png.WriteTo);
        }

        Add("attribution.npy", s => Npy.Write(s, result.Shape, result.Values));
        foreach (NamedArray array in result.Arrays)
        {
            Add($"{array.Name}.npy", s => Npy.Write(s, array.Shape, array.Values));
        }

        manifest = manifest with { Remarks = [.. remarks.Where(r => !result.Diagnosis.Any(d => d.StartsWith(r, StringComparison.Ordinal)))] };
        Add(ManifestName, s =>
        {
            JsonSerializer.Serialize(s, manifest, CliJson.Pretty.Manifest);
            s.WriteByte((byte)'\n');
        });
        return new SaliencyLine(input.Path, Path.GetFileName(imageFolder), folder, files, manifest);

        void Add(string file, Action<Stream> write)
        {
            OutputFile.Write(Path.Combine(folder, file), Option, write);
            files.Add(file);
        }
    }
}
