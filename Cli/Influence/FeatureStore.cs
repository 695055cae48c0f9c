using System.Diagnostics;
using System.Security.Cryptography;
using Interp.Cli.Examples;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Engine.Training;

namespace Interp.Cli.Influence;

/// <summary>What the network gives for an image: the features of a layer, and its output.</summary>
internal sealed record ImageRow(float[] Features, float[] Output);

/// <summary>An image file that could be read.</summary>
internal sealed record KnownImage(string Path, string Hash);

/// <summary>
/// The features of image files in a folder, so that they are computed once: a row for each content of a file, whatever it is called. The
/// folder is of one model, layer and way of computing; what is found there damaged or unfinished is not believed. What there is stays when
/// a run is stopped.
/// </summary>
internal sealed class FeatureStore
{
    private const string FeaturesName = "features.npy", OutputsName = "outputs.npy";
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(30);
    private readonly Invocation _run;
    private readonly Explainer _explainer;
    private readonly LayerRun _layers;
    private readonly ResultFolder<StoreManifest> _folder;
    private readonly Dictionary<string, ImageRow> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private int _saved;

    /// <param name="run">The command's run.</param>
    /// <param name="explainer">The network.</param>
    /// <param name="layer">The layer whose features are wanted.</param>
    /// <param name="root">The folder of all stores.</param>
    internal FeatureStore(Invocation run, Explainer explainer, Node layer, string root)
    {
        (_run, _explainer, Layer) = (run, explainer, layer);
        _layers = new LayerRun(explainer, [layer, explainer.Network.Output]);
        Settings = SettingsHash.Of(
        [
            "features", explainer.Network.Hash, layer.Name, .. SettingsHash.Engine(run, explainer.Backend.Info),
        ]);
        _folder = new ResultFolder<StoreManifest>(Path.Combine(root, Settings), InfluenceJson.Strict.StoreManifest);
        Load();
    }

    /// <summary>The layer.</summary>
    internal Node Layer { get; }

    /// <summary>The network.</summary>
    internal Network Network => _explainer.Network;

    /// <summary>How many features it has.</summary>
    internal int Features => Network.OwnShapes[Layer.Id][1];

    /// <summary>A digest of the model, the layer and the way of computing.</summary>
    internal string Settings { get; }

    /// <summary>The folder.</summary>
    internal string Folder => _folder.Path;

    /// <summary>What is known of a file's content.</summary>
    internal ImageRow this[string hash] => _rows[hash];

    /// <summary>Computes what is not yet known of some files, and writes it.</summary>
    /// <returns>Those that could be read, in order.</returns>
    internal IReadOnlyList<KnownImage> Read(InputList inputs, string title)
    {
        var known = _rows.Keys.ToHashSet(StringComparer.Ordinal);
        var found = new List<KnownImage>();
        int batch = MemoryFlags.Read(_run).Batch;
        using var ahead = new ReadAhead<(int File, string Hash, NetworkInput? Input)>(
            add => inputs.ForEach(i => Open(inputs.Files[i], known, (hash, input) => add((i, hash, input)))), 2 * batch);
        try
        {
            _run.Progress(title).Run(report =>
            {
                var clock = Stopwatch.StartNew();
                var waiting = new List<NetworkInput>();
                foreach ((int file, string hash, NetworkInput? input) in ahead.Images())
                {
                    if (input is not null)
                    {
                        Compute(waiting, batch, input);
                    }

                    found.Add(new KnownImage(inputs.Files[file], hash));
                    report(Path.GetFileName(inputs.Files[file]), file + 1, inputs.Files.Count);
                    if (clock.Elapsed > s_saveEvery)
                    {
                        Save();
                        clock.Restart();
                    }
                }

                Compute(waiting, 0, null);
                return found.Count;
            });
        }
        finally
        {
            Save();
        }

        return found;
    }

    /// <summary>Runs what waits if it is a batch, or if what comes next has another size.</summary>
    private void Compute(List<NetworkInput> waiting, int batch, NetworkInput? next)
    {
        bool differs = waiting.Count > 0 && next is not null
            && (waiting[0].Image.Height, waiting[0].Image.Width) != (next.Image.Height, next.Image.Width);
        if (waiting.Count > 0 && (differs || waiting.Count >= batch))
        {
            ImageRow[] rows = Compute(waiting);
            for (int i = 0; i < rows.Length; i++)
            {
                if (_rows.TryAdd(waiting[i].FileHash, rows[i]))
                {
                    _order.Add(waiting[i].FileHash);
                }
            }

            waiting.Clear();
        }

        if (next is not null)
        {
            waiting.Add(next);
        }
    }

    /// <summary>Features and output of some inputs of one size; nothing is stored.</summary>
    internal ImageRow[] Compute(IReadOnlyList<NetworkInput> inputs)
    {
        var features = new float[inputs.Count][];
        var outputs = new float[inputs.Count][];
        _layers.Run(
            inputs,
            (layer, first, shape, values) =>
            {
                float[] means = FeatureRun.Means(shape, values);
                int each = means.Length / shape[0];
                for (int i = 0; i < shape[0]; i++)
                {
                    (layer == 0 ? features : outputs)[first + i] = means[(i * each)..((i + 1) * each)];
                }
            },
            _run.Cancel);
        int bad = Array.FindIndex(features, f => f.Any(v => !float.IsFinite(v)));
        return bad < 0 ? [.. features.Zip(outputs, (f, o) => new ImageRow(f, o))]
            : throw new ModelException(
                $"{inputs[bad].Path}: layer {Layer.Name} gives a value that is no finite number; choose another --layer");
    }

    private string? Open(string path, HashSet<string> known, Action<string, NetworkInput?> use)
    {
        if (HashOf(path) is { } hash && known.Contains(hash))
        {
            use(hash, null);
            return null;
        }

        NetworkInput input = NetworkInput.Read(path, Network, _run.Cancel)[0];
        use(input.FileHash, input);
        return input.Remark;
    }

    /// <summary>SHA-256 of a file; null if it cannot be read, which its reader will say better.</summary>
    private static string? HashOf(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Load()
    {
        if (_folder.Existing(Settings) is not { } manifest || manifest.Files.Count != 2)
        {
            return;
        }

        try
        {
            (Shape shape, float[] features) = Npy.Read(Path.Combine(Folder, FeaturesName));
            (Shape outputShape, float[] outputs) = Npy.Read(Path.Combine(Folder, OutputsName));
            int rows = manifest.Images.Count, width = rows > 0 ? outputs.Length / rows : 0;
            if (shape != new Shape(rows, Features) || outputShape != new Shape(rows, width) || features.Any(v => !float.IsFinite(v)))
            {
                return;
            }

            for (int i = 0; i < rows; i++)
            {
                var row = new ImageRow(features[(i * Features)..((i + 1) * Features)], outputs[(i * width)..((i + 1) * width)]);
                if (_rows.TryAdd(manifest.Images[i], row))
                {
                    _order.Add(manifest.Images[i]);
                }
            }

            _saved = _order.Count;
        }
        catch (InputException)
        {
            _rows.Clear(); // Another program's files under these names: they are made again.
            _order.Clear();
        }
    }

    private void Save()
    {
        if (_order.Count == _saved)
        {
            return;
        }

        _folder.Begin(Settings);
        Add(FeaturesName, r => r.Features);
        Add(OutputsName, r => r.Output);
        string[] files = [FeaturesName, OutputsName];
        _folder.Finish(new StoreManifest
        {
            Settings = Settings,
            Model = Network.Name,
            ModelHash = Network.Hash,
            Layer = Layer.Name,
            Images = [.. _order],
            Files = files,
            Sha256 = _folder.SumsOf(files),
        });
        _saved = _order.Count;
    }

    private void Add(string file, Func<ImageRow, float[]> part)
    {
        float[] values = [.. _order.SelectMany(h => part(_rows[h]))];
        _folder.Add(file, s => Npy.Write(s, new Shape(_order.Count, values.Length / _order.Count), values));
    }
}

/// <summary>What vouches for stored features.</summary>
internal sealed record StoreManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Layer { get; init; }

    /// <summary>SHA-256 of the image files, by row.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public required IReadOnlyDictionary<string, string> Sha256 { get; init; }
}
