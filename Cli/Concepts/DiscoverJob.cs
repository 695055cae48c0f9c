using System.Diagnostics;
using System.Text;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Concepts.Discovery;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Cli.Concepts;

/// <summary>What <c>concepts discover</c> does: reads the images, finds the concepts, and writes a folder of results.</summary>
internal sealed class DiscoverJob
{
    private readonly Invocation _run;
    private readonly Explainer _explainer;
    private readonly Node _layer;
    private readonly int _class;
    private readonly InputList _inputs;
    private readonly DiscoveryOptions _options;
    private readonly ResultFolder<DiscoverManifest> _folder;

    internal DiscoverJob(Invocation run, Explainer explainer, Node layer, int target, InputList inputs)
    {
        (_run, _explainer, _layer, _class, _inputs, _options) = (run, explainer, layer, target, inputs, DiscoverFlags.Read(run));
        _folder = new ResultFolder<DiscoverManifest>(
            Path.Combine(
                run.Get(DiscoverFlags.Out), "concepts", SafeName.Of(layer.Name), SafeName.Of(TargetWords.Short(Label)), "discover"),
            DiscoverJson.Strict.DiscoverManifest);
    }

    internal string Folder => _folder.Path;

    private Network Network => _explainer.Network;

    private string Label => Network.Labels[_class];

    /// <summary>Finds the concepts, unless it was done before, and gives what was found.</summary>
    internal DiscoverManifest Work()
    {
        string settings = Settings();
        if (_folder.Existing(settings) is { } existing)
        {
            _run.Note($"{Readable.Path(Folder)}: all of it was there from the same settings");
            return existing;
        }

        OutputFile.CreateFolder(Folder, DiscoverFlags.Out.Name);
        var clock = Stopwatch.StartNew();
        (List<NetworkInput> images, string[] names, int skipped) = Read();
        DiscoveredConcepts found = _run.Progress($"{_layer.Name},").Run(report => ConceptDiscovery.Run(
            _explainer, _layer, _class, images, _options, p => report(p.Stage, p.Done, p.Total), _run.Cancel));
        DiscoverManifest manifest = Manifest(found, names, skipped, settings) with { Seconds = clock.Elapsed.TotalSeconds };
        if (_folder.Begin(settings) is { } other)
        {
            _run.Note($"{Readable.Path(Folder)} held the concepts of {other.Label} of {other.Model} from other images or settings: it is "
                + $"replaced; another {DiscoverFlags.Out.Name} keeps both");
        }

        return Write(found, images, manifest);
    }

    private (List<NetworkInput> Images, string[] Names, int Skipped) Read()
    {
        var images = new List<NetworkInput>();
        var names = new List<string>();
        var files = new HashSet<int>();
        _run.Progress("reading").Run(report =>
        {
            _inputs.ForEach(Network, (i, input, part) =>
            {
                images.Add(input);
                names.Add(input.Path + (part is null ? "" : $"[{part}]"));
                files.Add(i);
                report(Path.GetFileName(input.Path), i + 1, _inputs.Files.Count);
            });
            return images.Count;
        });
        return (images, [.. names], _inputs.Files.Count - files.Count);
    }

    private DiscoverManifest Manifest(DiscoveredConcepts found, string[] names, int skipped, string settings) => new()
    {
        Settings = settings,
        Model = Network.Name,
        ModelHash = Network.Hash,
        Layer = _layer.Name,
        Kind = _layer.Layer.Kind,
        Shape = [1, found.Components.Length / found.Concepts.Length, found.MapHeight, found.MapWidth],
        Class = _class,
        Label = Label,
        Patch = found.Patch,
        Crops = found.Crops,
        Samples = _options.Samples,
        RandomSets = _options.RandomSets,
        RandomOrders = _options.RandomOrders,
        Seed = _options.Seed,
        Images = names,
        Skipped = skipped,
        Concepts = [.. found.Concepts.Select((c, i) => DiscoveredLine.Of(c, i, names))],
        RandomImportance = found.RandomImportance,
        Fidelity = found.Fidelity,
        Stability = found.Stability,
        Curves = [.. found.Curves.Select(CurveLine.Of)],
        Warnings = found.Warnings,
        TailRuns = found.TailRuns,
        Seconds = 0,
        Backend = _explainer.Backend.Info.Name,
        InstructionSet = _explainer.Backend.Info.InstructionSet,
    };

    private DiscoverManifest Write(DiscoveredConcepts found, List<NetworkInput> images, DiscoverManifest manifest)
    {
        var files = new List<string>();
        Add("concepts.csv", Text(DiscoverTables.Concepts(manifest)));
        Add("crops.csv", Text(DiscoverTables.Crops(manifest)));
        Add("curves.csv", Text(DiscoverTables.Curves(manifest)));
        Add("components.npy", s => Npy.Write(
            s, new Shape(found.Concepts.Length, found.Components.Length / found.Concepts.Length), found.Components.AsSpan()));
        var sheets = new RgbImage[found.Concepts.Length];
        Parallel.For(0, sheets.Length, new ParallelOptions { MaxDegreeOfParallelism = _run.Get(SharedOptions.Threads) },
            j => sheets[j] = DiscoveryImages.Sheet(found, images, j));
        for (int j = 0; j < sheets.Length; j++)
        {
            Add(manifest.Concepts[j].Sheet, s => ImageFile.WritePng(s, sheets[j]));
        }

        Chart importance = DiscoverCharts.Importance(manifest);
        AddChart("importance", importance);
        Chart[] curves = [DiscoverCharts.Curve(manifest, "deletion"), DiscoverCharts.Curve(manifest, "insertion")];
        AddChart("deletion", curves[0]);
        AddChart("insertion", curves[1]);
        Add(DiscoverPage.Name, new DiscoverPage(manifest, sheets, importance, curves).Write);
        manifest = manifest with { Files = files, Sha256 = _folder.SumsOf(files) };
        _folder.Settle(manifest);
        return manifest;

        void AddChart(string name, Chart chart)
        {
            Add($"{name}.svg", Text(chart.Svg()));
            Add($"{name}.png", s => ImageFile.WritePng(s, chart.Png()));
        }

        void Add(string file, Action<Stream> write)
        {
            _run.Cancel.ThrowIfCancellationRequested();
            _folder.Add(file, write);
            files.Add(file);
        }

        static Action<Stream> Text(string text) => s => s.Write(Encoding.UTF8.GetBytes(text));
    }

    private string Settings() => SettingsHash.Of(
    [
        "concepts discover", Network.Name, Network.Hash, _layer.Name, $"{_class}", $"{_options.Components} {_options.Patch}",
        $"{_options.Samples} {_options.RandomSets} {_options.RandomOrders} {_options.Splits} {_options.Seed}",
        .. SettingsHash.Engine(_run, _explainer.Backend.Info), .. _inputs.Files.Select(SettingsHash.OfFile),
    ]);
}
