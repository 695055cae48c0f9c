using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Weights.Architectures;
using Interp.Weights.Checkpoints;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering;
using Interp.Weights.Plans;
using Interp.Weights.Raw;

namespace Interp.Weights;

/// <summary>What to convert.</summary>
public sealed record ConversionRequest(string Source, string OutputFolder)
{
    /// <summary>The model's name; by default the output folder's.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// A file of class labels (one a line, or a <c>.tsv</c> with a column <c>label</c> and maybe <c>class</c> or <c>index</c>), or null for
    /// the 1000 ImageNet ones where there are 1000 classes and numbered ones otherwise.
    /// </summary>
    public string? LabelsFile { get; init; }

    /// <summary>How the tensors are stored.</summary>
    public DType DType { get; init; } = DType.Float32;

    /// <summary>
    /// The architecture where names and shapes do not tell it: a family (<c>resnet_caffe</c>) or a network of it; null to infer it.
    /// </summary>
    public string? Architecture { get; init; }

    /// <summary>
    /// Height of the network's input in pixels, and its width where <see cref="InputWidth"/> says nothing else; the resizing changes in
    /// proportion. Null for that of torchvision's weights where the file holds them, and for the architecture's usual one, which is then
    /// said to be assumed, where not.
    /// </summary>
    public int? InputSize { get; init; }

    /// <summary>Width of the network's input in pixels; null for that of a square.</summary>
    public int? InputWidth { get; init; }

    /// <summary>What is said of how images are prepared; torchvision's own weights and everything else have their usual values.</summary>
    public PreprocessingChoices Preprocessing { get; init; } = new();

    /// <summary>Which of torchvision's weights the file holds, or null to look for its hash and its name in the list.</summary>
    public PretrainedWeights? Pretrained { get; init; }

    /// <summary>
    /// Which weights of a file that holds several: the key of a state dict or the name before a part's tensors (<c>ema</c>,
    /// <c>state_dict.model</c>). By default the weights as trained, before their averages.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>Indices N of the layers <c>features.N</c> that are 2×2 max-pools; null to infer them.</summary>
    public IReadOnlyList<int>? Pools { get; init; }

    /// <summary>
    /// Of a file that holds a graph: the name of the value that comes out; null for the last of shape <c>[N,classes]</c>.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>
    /// Of a file that holds a graph: whether the channels of its input stand last (true) or first (false) where the file does not tell;
    /// null to find it. Images and <c>.npy</c> files are the same in both cases.
    /// </summary>
    public bool? ChannelsLast { get; init; }

    /// <summary>Whether the outputs are no classes, such as an embedding's features, though there is a row of them.</summary>
    public bool WithoutClasses { get; init; }

    /// <summary>How logits become probabilities, or null for <see cref="OutputActivation.For"/>: a weight file does not say.</summary>
    public OutputActivation? Activation { get; init; }

    /// <summary>The sides that are asked for.</summary>
    internal Sides? Input => InputSize is { } height ? new(height, InputWidth ?? height) : null;
}

/// <summary>Converts weight files to raw tensor folders.</summary>
public static class ModelConverter
{
    /// <summary>
    /// Converts; returns what was written. The folder appears under its name only when it is complete; nothing is left behind when it fails
    /// or is cancelled. The same request gives the same bytes.
    /// </summary>
    /// <param name="request">What to convert.</param>
    /// <param name="progress">Called with bytes done and bytes in all.</param>
    /// <param name="cancel">Checked at every piece of a tensor.</param>
    /// <exception cref="InputException">The name, the input size, the labels or the activation are not usable.</exception>
    /// <exception cref="ModelException">The weight file is damaged, of no known architecture, or holds what cannot be stored.</exception>
    /// <exception cref="BackendException">There is not enough memory.</exception>
    /// <exception cref="OutputException">The folder is taken by something else, or cannot be written.</exception>
    public static ModelInfo Convert(ConversionRequest request, Action<long, long>? progress = null, CancellationToken cancel = default)
    {
        Check(request);
        request = request with { Source = HubFolder.WeightFile(request.Source) };
        using (OperatorGraph? graph = GraphFormats.Open(request.Source))
        {
            if (graph is not null)
            {
                return GraphConversion.Convert(request, graph, GraphImporter.Import, progress, cancel);
            }
        }

        if (request.Output is { } output)
        {
            throw new InputException(
                $"option 'output' {output}: {request.Source} holds weights, whose network has one output; leave it out");
        }

        if (request.ChannelsLast == true)
        {
            throw new InputException(
                $"option 'layout' nhwc: {request.Source} holds weights of a network whose channels come first; leave it out");
        }

        using WeightSource source = WeightFormats.Open(request.Source);
        return Convert(request, source, progress, cancel, PreprocessingAssumption.Recognize(request, cancel));
    }

    /// <summary>Converts an open weight file.</summary>
    internal static ModelInfo Convert(
        ConversionRequest request, WeightSource source, Action<long, long>? progress, CancellationToken cancel,
        PreprocessingAssumption? standard = null)
    {
        string name = Check(request);
        try
        {
            var weights = new NetworkWeights(source, request.Weights);
            TimmConfig? timm = TimmConfig.Beside(source.Path);
            var options = new PlanOptions
            {
                Architecture = request.Architecture,
                Pools = request.Pools,
                Modules = weights.Modules,
                Timm = request.Architecture is { } named && timm is not null ? new TimmSettings(named) : timm?.Settings,
            };
            IArchitecture family = ArchitectureCatalog.Family(weights.Entries, options);
            timm?.RequireUnderstood();
            standard ??= timm?.Preprocessing is { } prepared ? new(prepared, $"timm's {Text.OneLine(timm.Settings.Architecture)}", true)
                : PreprocessingAssumption.Usual(family, weights.Entries);
            Preprocessing found = request.Preprocessing.Ordered(standard.Preprocessing);
            if (weights.Normalization is var (mean, deviation))
            {
                found = found with { Mean = mean, Deviation = deviation };
            }

            ModelPlan plan = family.Plan(
                new StateDict(weights.Entries, weights.Modules),
                options with { InputSize = request.Preprocessing.Input(found, request.Input) });
            Preprocessing preprocessing = request.Preprocessing.Apply(Fitting(found, plan.Channels), request.Input);
            if (weights.Modules is { } modules)
            {
                ModuleCheck.Require(plan, modules);
            }

            OutputMeaning output = OutputMeaning.Of(request, request.WithoutClasses ? 0 : plan.Classes(name, preprocessing), timm?.Labels);
            string[] assumptions = [.. timm?.Assumptions ?? [], .. weights.Assumptions, .. plan.Assumptions,
                .. standard.Said(request, preprocessing, ownUnits: weights.Normalization is not null), .. output.Assumptions];
            new RawWriter(weights, request.DType, progress, cancel).Write(request.OutputFolder, name, plan, preprocessing, output.Labels,
                output.Activation, assumptions);
        }
        catch (ModelException e) when (!e.Message.Contains(source.Path, StringComparison.Ordinal))
        {
            throw new ModelException($"{source.Path}: {e.Message}", e);
        }

        return RawModel.Info(request.OutputFolder);
    }

    /// <summary>A preparation for so many channels; that of colours becomes one of grey.</summary>
    private static Preprocessing Fitting(Preprocessing found, int channels) =>
        found.Channels == channels ? found
        : channels == 1 ? found.Grey()
        : found with
        {
            Mean = [.. Enumerable.Repeat(found.Mean[0], channels)],
            Deviation = [.. Enumerable.Repeat(found.Deviation[0], channels)],
        };

    /// <summary>What can be known to be wrong before the weight file is opened.</summary>
    internal static string Check(ConversionRequest request)
    {
        string name = NameFor(request.OutputFolder, request.Name);
        if (request.Input is { } input)
        {
            Preprocessing.ImageNet.WithInputSize(input.Height, input.Width);
        }

        return name;
    }

    /// <summary>The name of a model that is written into a folder, once it is known that it can be.</summary>
    /// <param name="outputFolder">The folder.</param>
    /// <param name="asked">The name that the user gives; null for the folder's.</param>
    /// <exception cref="InputException">The name or the folder's is not usable.</exception>
    /// <exception cref="OutputException">The folder is taken by something else.</exception>
    internal static string NameFor(string outputFolder, string? asked)
    {
        if (string.IsNullOrWhiteSpace(outputFolder))
        {
            throw new InputException("option 'out' is empty: expected a folder");
        }

        string folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputFolder)));
        if (asked is null && !ModelName.IsValid(folder))
        {
            throw new InputException(
                $"option 'out' {outputFolder}: '{Text.OneLine(folder)}' cannot be a model's name; give one with option 'name'");
        }

        string name = ModelName.Require(asked ?? folder, "option 'name'");
        OutputFolder.CheckTarget(outputFolder);
        return name;
    }
}
