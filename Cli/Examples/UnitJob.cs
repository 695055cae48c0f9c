using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Cli.Visualization;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Cli.Examples;

/// <summary>What <c>unit</c> does for its channel: one pass over the images, or two where the channel's mean must be known first, and the
/// page.</summary>
internal sealed class UnitJob
{
    internal const string PageName = "unit.html";
    private const int MarkedSide = 192;
    private readonly Invocation _run;
    private readonly Explainer _explainer;
    private readonly UnitChoice _choice;
    private readonly InputList _inputs;
    private readonly bool _removesToMean;
    private readonly Failures _failures;
    private readonly string _settings;
    private readonly LayerRun _layer;
    private readonly ExampleSearch _search;
    private readonly ResultFolder<UnitManifest> _folder;
    private readonly UnitImage? _optimized;
    private readonly UnitImage? _negative;
    private readonly UnitLabels? _labels;
    private Ablation? _ablation;
    private string? _problem;
    private bool _complete;

    internal UnitJob(Invocation run, Explainer explainer, UnitChoice choice, InputList inputs, bool removesToMean, Failures failures)
    {
        (_run, _explainer, _choice, _inputs, _removesToMean, _failures) = (run, explainer, choice, inputs, removesToMean, failures);
        string root = run.Get(UnitFlags.Out);
        string name = SafeName.Of($"{choice.Layer.Name}-{choice.Channels[0]}-unit");
        _folder = new ResultFolder<UnitManifest>(Path.Combine(root, name), ExampleJson.Strict.UnitManifest);
        (_optimized, _negative) = (OptimizedImage(root, negative: false), OptimizedImage(root, negative: true));
        _labels = UnitLabels.Find(root, Network, choice.Layer, run.Note);
        _settings = TopImagesManifest.SettingsOf(run, Network, explainer.Backend, choice, inputs,
            [$"removal {removesToMean}", _optimized?.Sum ?? "", _negative?.Sum ?? ""]);
        _layer = new LayerRun(explainer, choice.Layer);
        _search = new ExampleSearch(run, explainer, _layer.Activations, inputs, new ExampleProgress(choice.Start()), failures);
    }

    internal string Folder => _folder.Path;

    internal int ExitCode => _inputs.ExitCode;

    private Network Network => _explainer.Network;

    private int Channel => _choice.Channels[0];

    /// <summary>The finished result of the same settings, or null; with another label its page is written anew.</summary>
    internal UnitManifest? Existing()
    {
        if (_folder.Existing(_settings) is not { Examples.Complete: true } manifest)
        {
            return null;
        }

        if (manifest.Examples.Labelled == _labels?.Digest)
        {
            return manifest;
        }

        _folder.Begin(_settings);
        manifest = manifest with { Examples = manifest.Examples.With(_labels) };
        return Settle(manifest, ImageAt(_optimized?.Path), ImageAt(_negative?.Path), manifest.Sha256);
    }

    /// <summary>Looks at all images.</summary>
    internal void Work()
    {
        OutputFile.CreateFolder(Folder, UnitFlags.OutName);
        if (_removesToMean)
        {
            _search.Run();
            Prepare((float)_search.Progress.Units[0].Statistics.MeanActivation);
            if (_ablation is not null && _search.Progress.Images > 0)
            {
                new ExampleSearch(
                    _run, _explainer, _layer.Activations, new InputList(_run, [.. _search.Files]), new ExampleProgress([]), _failures)
                    .Run(Remove);
            }
        }
        else
        {
            Prepare(0);
            _search.Run(_ablation is null ? null : Remove);
        }

        _complete = true;
    }

    /// <summary>Writes what was found; null where no image was looked at.</summary>
    internal UnitManifest? Finish()
    {
        if (_search.Progress.Images == 0)
        {
            return null;
        }

        TopImagesManifest examples = TopImagesManifest.Of(
            _run, Network, _explainer.Backend, _choice, _inputs, _search.Progress, _settings, _complete);
        UnitExamples unit = _search.Progress.Units[0];
        Begin();
        var writer = new ExampleWriter(Network, _choice.Layer, _folder, _run.Get(SharedOptions.Threads));
        examples = (examples with { Units = writer.Write([unit], withLeast: true, _ => "") }).With(_labels);
        (RgbImage? optimized, OptimizedLine? line) = Read(_optimized?.Path, isNegative: false);
        (RgbImage? negative, OptimizedLine? negativeLine) = Read(_negative?.Path, isNegative: true);
        var manifest = new UnitManifest
        {
            Settings = _settings,
            Unit = $"{_choice.Layer.Name}:{Channel}",
            Activation = Readable.Activation(Network),
            Examples = examples,
            Removal = _ablation is null ? null : RemovalLine.Of(_ablation.Effect, Network.Labels),
            RemovalProblem = _problem,
            Optimized = line,
            Negative = negativeLine,
            Files = [.. ExampleWriter.FilesOf(examples.Units), PageName],
        };
        return Settle(manifest, optimized, negative, _folder.SumsOf(ExampleWriter.FilesOf(examples.Units)));

        (RgbImage? Image, OptimizedLine? Line) Read(string? path, bool isNegative)
        {
            return ImageAt(path) is not { } image ? (null, null) : (image, OptimizedLine.Of(
                path!, _layer.Read(image, Channel, CancellationToken.None), unit.Statistics, isNegative));
        }
    }

    /// <summary>Writes page and manifest.</summary>
    private UnitManifest Settle(UnitManifest manifest, RgbImage? optimized, RgbImage? negative, IReadOnlyDictionary<string, string> sums)
    {
        var page = new UnitPage(manifest, Folder, Marked)
        {
            Optimized = optimized,
            Negative = negative,
            Masked = _labels?.Sheet(Channel),
        };
        _folder.Add(PageName, page.Write);
        manifest = manifest with
        {
            Sha256 = new Dictionary<string, string>(sums) { [PageName] = _folder.SumsOf([PageName])[PageName] },
        };
        _folder.Settle(manifest);
        return manifest;
    }

    private static RgbImage? ImageAt(string? path) => path is null ? null : ImageFile.Read(path);

    /// <summary>Makes room for this run's files; the result of another model is named.</summary>
    private void Begin()
    {
        if (_folder.Begin(_settings) is { } other && other.Examples.ModelHash != Network.Hash)
        {
            _run.Note($"{Readable.Path(Folder)} held the page of {other.Unit} of {other.Examples.Model}: it is replaced; "
                + $"another {UnitFlags.OutName} keeps both");
        }
    }

    private void Prepare(float value)
    {
        try
        {
            _ablation = new Ablation(_explainer, _choice.Layer, Channel, value);
        }
        catch (InputException e)
        {
            _problem = e.Message; // Nothing depends on the layer; everything else can be shown.
        }
    }

    private void Remove(IReadOnlyList<NetworkInput> inputs, Shape shape, float[] activation) =>
        _ablation!.Add(inputs, shape, activation, _run.Cancel);

    private RgbImage Marked(ExampleLine e) => ExampleImages.Marked(
        NetworkInput.Read(e.Image, Network)[e.Part ?? 0].Image, new(e.Box[0], e.Box[1], e.Box[2], e.Box[3]), MarkedSide);

    /// <summary>What <c>visualize</c> made of the channel in the same folder, or null.</summary>
    private UnitImage? OptimizedImage(string root, bool negative) =>
        UnitImages.Find(root, Network, VisualizeTargetFlags.OfChannel(Network, _choice.Layer, Channel, negative));
}
