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
    /// The network's input size in pixels, with which the resizing changes in proportion; null for that of torchvision's weights where the
    /// file holds them, and for the architecture's usual one, which is then said to be assumed, where not.
    /// </summary>
    public int? InputSize { get; init; }

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

    /// <summary>How logits become probabilities, or null for <see cref="OutputActivation.For"/>: a weight file does not say.</summary>
    public OutputActivation? Activation { get; init; }
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
        using (OperatorGraph? graph = GraphFormats.Open(request.Source))
        {
            if (graph is not null)
            {
                return Convert(request, graph, progress, cancel);
            }
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
            var options = new PlanOptions { Architecture = request.Architecture, Pools = request.Pools, Modules = weights.Modules };
            IArchitecture family = ArchitectureCatalog.Family(weights.Entries, options);
            standard ??= PreprocessingAssumption.Usual(family, weights.Entries);
            Preprocessing found = request.Preprocessing.Ordered(standard.Preprocessing);
            if (weights.Normalization is var (mean, deviation))
            {
                found = found with { Mean = mean, Deviation = deviation };
            }

            Preprocessing preprocessing = request.Preprocessing.Apply(found, request.InputSize);
            ModelPlan plan = family.Plan(
                new StateDict(weights.Entries, weights.Modules), options with { InputSize = preprocessing.InputSize });
            if (weights.Modules is { } modules)
            {
                ModuleCheck.Require(plan, modules);
            }

            int classes = plan.Classes(name, preprocessing);
            Labels labels = request.LabelsFile is { } file ? LabelFile.Read(file, classes) : LabelFile.Default(classes);
            OutputActivation activation = OutputAssumption.Choose(request.Activation, classes);
            string[] assumptions = [.. weights.Assumptions, .. plan.Assumptions,
                .. standard.Said(request, preprocessing, ownUnits: weights.Normalization is not null),
                .. Assumptions(request, labels)];
            new RawWriter(weights, request.DType, progress, cancel).Write(request.OutputFolder, name, plan, preprocessing, labels,
                activation, assumptions);
        }
        catch (ModelException e) when (!e.Message.Contains(source.Path, StringComparison.Ordinal))
        {
            throw new ModelException($"{source.Path}: {e.Message}", e);
        }

        return RawModel.Info(request.OutputFolder);
    }

    /// <summary>Converts an open graph.</summary>
    private static ModelInfo Convert(
        ConversionRequest request, OperatorGraph graph, Action<long, long>? progress, CancellationToken cancel)
    {
        string name = Check(request);
        try
        {
            ImportedNetwork network = GraphImporter.Import(graph, new ImportOptions { InputSize = request.InputSize });
            var standard = new PreprocessingAssumption(
                (graph.Preprocessing ?? Preprocessing.ImageNet).WithInputSize(network.Height),
                graph.Preprocessing is null ? "torchvision's ImageNet classifiers" : "the file says", graph.Preprocessing is not null);
            Preprocessing preprocessing = request.Preprocessing.Apply(request.Preprocessing.Ordered(standard.Preprocessing), null);
            int classes = network.Plan.Classes(name, preprocessing);
            Labels labels = request.LabelsFile is { } file ? LabelFile.Read(file, classes) : LabelFile.Default(classes);
            OutputActivation activation = request.Activation ?? network.Activation ?? OutputAssumption.Choose(null, classes);
            string[] assumptions = [.. graph.Assumptions, .. network.Plan.Assumptions,
                .. standard.Said(request, preprocessing, ownUnits: false), .. Assumptions(request, labels)];
            new RawWriter(null, request.DType, progress, cancel).Write(request.OutputFolder, name, network.Plan, preprocessing, labels,
                activation, assumptions);
        }
        catch (ModelException e) when (!e.Message.Contains(graph.Path, StringComparison.Ordinal))
        {
            throw new ModelException($"{graph.Path}: {e.Message}", e);
        }

        return RawModel.Info(request.OutputFolder);
    }

    private static IEnumerable<string> Assumptions(ConversionRequest request, Labels labels)
    {
        if (request.LabelsFile is null)
        {
            yield return labels.Count == LabelFile.ImageNetClasses
                ? "the 1000 classes are ImageNet's, in the usual order (option 'labels')"
                : "the classes have no names but numbers (option 'labels')";
        }

        if (OutputAssumption.Said(request.Activation, labels.Count) is { } activation)
        {
            yield return activation;
        }
    }

    /// <summary>What can be known to be wrong before the weight file is opened.</summary>
    private static string Check(ConversionRequest request)
    {
        string name = NameFor(request.OutputFolder, request.Name);
        if (request.InputSize is { } size)
        {
            Preprocessing.ImageNet.WithInputSize(size);
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
