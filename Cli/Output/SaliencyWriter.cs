using Interp.Engine.Attribution;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Cli.Output;

/// <summary>
/// Writes the results under <c>OUT/image/method/</c>. Every file is whole or not there, and the manifest comes last: where it stands, all
/// the others are
/// from the same run.
/// </summary>
internal sealed class SaliencyWriter
{
    private const string Option = "--out";
    internal const string ValuesName = "attribution.npy";
    private readonly string _root;
    private readonly OutputNames _names = new();
    private readonly int _threads;

    /// <param name="root">The folder for all results.</param>
    /// <param name="images">How images are made.</param>
    /// <param name="threads">Threads that compress images, which takes as long as a backward pass.</param>
    internal SaliencyWriter(string root, ImageOptions images, int threads)
    {
        _root = root;
        _threads = threads;
        Images = images;
        OutputFile.CreateFolder(root, Option);
    }

    internal ImageOptions Images { get; }

    /// <summary>The folder of one input's results.</summary>
    internal ImageFolder FolderOf(NetworkInput input, int? part) => new(Path.Combine(_root, _names.Take(input.Path, part)), input);

    /// <summary>Writes the images, the raw values and the manifest of one method.</summary>
    /// <returns>Null if another run has claimed the folder.</returns>
    internal SaliencyLine? Write(ImageFolder folder, NetworkInput input, AttributionResult result, Manifest manifest)
    {
        (IReadOnlyList<(string Name, RgbImage Image)> images, IReadOnlyList<string> remarks) =
            AttributionImages.Render(result.Values, result.Kind, input.Image, Images, input.ChannelOrder);
        (string Name, byte[] Png)[] pngs =
        [
            .. images.Concat(result.Images.Select(i => (i.Name, i.Image))).AsParallel().AsOrdered().WithDegreeOfParallelism(_threads)
                .Select(p => ($"{p.Name}.png", PngChunks.Encode(p.Image))),
        ];
        return folder.Write(manifest, files =>
        {
            var names = new List<string>();
            foreach ((string name, byte[] png) in pngs)
            {
                Add(name, s => s.Write(png));
            }

            Add(ValuesName, s => Npy.Write(s, result.Shape, result.Values));
            foreach (NamedArray array in result.Arrays)
            {
                Add($"{array.Name}.npy", s => Npy.Write(s, array.Shape, array.Values));
            }

            return manifest with
            {
                Files = names,
                Sha256 = files.SumsOf(names),
                Remarks = [.. remarks.Where(r => !result.Diagnosis.Any(d => d.StartsWith(r, StringComparison.Ordinal)))],
            };

            void Add(string file, Action<Stream> write)
            {
                files.Add(file, write);
                names.Add(file);
            }
        });
    }
}
