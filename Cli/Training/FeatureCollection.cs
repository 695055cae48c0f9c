using Interp.Cli.Examples;
using Interp.Cli.Output;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Training;

namespace Interp.Cli.Training;

/// <summary>The features of class folders' images. Images are read while others run, and none is held.</summary>
/// <param name="Data">Features and classes, a row for each view of an image.</param>
/// <param name="Images">The image of each row.</param>
/// <param name="Hashes">SHA-256 of the images' files.</param>
/// <param name="ExitCode">The command's exit code if nothing else goes wrong.</param>
internal sealed record FeatureCollection(LabelledFeatures Data, IReadOnlyList<int> Images, IReadOnlySet<string> Hashes, int ExitCode)
{
    private sealed record View(int File, int Class, NetworkInput Input);

    /// <summary>Runs all images of class folders as far as a layer.</summary>
    /// <param name="run">The command's run.</param>
    /// <param name="features">The network as far as the layer.</param>
    /// <param name="network">The network, for its preprocessing.</param>
    /// <param name="root">The folder that holds the class folders.</param>
    /// <param name="classes">The class of each of those folders, by its name.</param>
    /// <param name="folders">The class folders.</param>
    /// <param name="views">What is taken of an image.</param>
    internal static FeatureCollection Of(
        Invocation run, FeatureRun features, Network network, string root, IReadOnlyDictionary<string, int> classes, ClassFolders folders,
        Augmentation views)
    {
        var classOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string name, IEnumerable<string> files) in folders.Names.Zip(folders.Files, (n, f) => (n, (IEnumerable<string>)f)))
        {
            foreach (string file in files)
            {
                classOf[file] = classes[name];
            }
        }

        var inputs = new InputList(run, [.. folders.Names.Select(n => Path.Combine(root, n))]);
        int batch = MemoryFlags.Read(run).Batch;
        var values = new List<float>();
        var labels = new List<int>();
        var images = new List<int>();
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        using var ahead = new ReadAhead<View>(
            add => inputs.ForEach(i => Read(inputs.Files[i], network, views, v => add(new View(i, classOf[v.Path], v)), run.Cancel)),
            2 * Math.Max(batch, views.Views));
        run.Progress($"features of {Readable.Path(root)}").Run(report =>
        {
            foreach (View[] part in ahead.Images().Chunk(batch))
            {
                values.AddRange(features.Of([.. part.Select(p => p.Input)], run.Cancel));
                labels.AddRange(part.Select(p => p.Class));
                images.AddRange(part.Select(p => p.File));
                hashes.UnionWith(part.Select(p => p.Input.FileHash));
                report(Path.GetFileName(part[^1].Input.Path), part[^1].File + 1, inputs.Files.Count);
            }

            return labels.Count;
        });
        return new FeatureCollection(
            new LabelledFeatures(features.Features, classes.Count, [.. values], [.. labels]), images, hashes, inputs.ExitCode);
    }

    private static string? Read(string path, Network network, Augmentation views, Action<NetworkInput> use, CancellationToken cancel)
    {
        NetworkInput input = NetworkInput.Read(path, network, cancel)[0];
        if (views.Views == 1)
        {
            use(input);
            return input.Remark;
        }

        foreach (RgbImage view in views.Of(ImageFile.Read(path, cancel), network.Preprocessing))
        {
            use(input with { Image = view, Tensor = Normalization.ToTensor(view, network.Preprocessing) });
        }

        return input.Remark;
    }
}
