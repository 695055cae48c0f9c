using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Cli.Visualization;
using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Weights;

namespace Interp.Cli.Commands;

/// <summary><c>convert</c>: makes a model folder from a weight file, or from one of torchvision's by name.</summary>
internal static class ConvertCommand
{
    private static readonly Argument<string?> s_source = new("SOURCE")
    {
        // The number stands here as text: every command's start would else read the table.
        Description = "A model (.onnx, .pt2, .keras, .h5), a weight file (.pth, .pt, .ckpt, .safetensors), a folder of "
            + "timm's, or the name of one of torchvision's 115 to download: vgg16, resnet50:IMAGENET1K_V1, …; --list shows all",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private const string NoLabels = "none";

    private static readonly Option<bool> s_list = TypedOption.Switch("--list", "List torchvision's weight files instead");

    private static readonly Option<string> s_out = TypedOption.Text(
        "--out", "Folder of the model [default: the user's model folder]", "DIR");
    private static readonly Option<string> s_labels = TypedOption.Text(
        "--labels", "Class names, one a line [default: the file's; ImageNet's for 1000]; none: no classes", "FILE|none");
    private static readonly Option<string> s_type = TypedOption.Choice("--dtype", "How the weights are stored", "f32", "f32", "f16");
    private static readonly Option<string> s_name = TypedOption.Text("--name", "The model's name [default: the folder's]", "NAME");
    private static readonly Option<string> s_from = TypedOption.Text("--from", "Use this file instead of downloading SOURCE", "FILE");
    private static readonly Option<string> s_activation = TypedOption.Choice(
        "--activation",
        "From logits to probabilities [default: softmax; sigmoid for one output]",
        null,
        [.. OutputActivation.All.Names]);
    private static readonly Option<string> s_output = TypedOption.Text(
        "--output", "The output of a graph with several [default: the last of shape [N,classes]]", "NAME");
    private static readonly Option<string> s_layout = TypedOption.Choice(
        "--layout", "Where a graph's input has its channels, if its file does not tell [default: found]", null, "nchw", "nhwc");
    private static readonly Option<string> s_weights =
        TypedOption.Text("--weights", "Which weights of a file that holds several: ema, state_dict.model, … [default: as trained]", "KEY");
    private static readonly Option<string> s_pools =
        TypedOption.Text("--pools", "Which features.N are 2x2 max-pools: 4,9,16 or none [default: inferred, and said]", "LIST");

    private static readonly Option<string> s_arch = TypedOption.Text(
        "--arch", "Architecture where names and shapes do not tell it: resnet_caffe, … [default: inferred]", "NAME");

    internal static Command Create(CliContext context) =>
        new ProgramCommand("convert", "Convert a weight file to a model folder", context, Run)
    {
        s_source,
        "What to convert",
        s_list,
        s_from,
        "What the file holds",
        s_weights,
        s_arch,
        s_pools,
        s_output,
        s_layout,
        s_activation,
        s_labels,
        Headings.Preparation,
        PreprocessingFlags.All,
        Headings.Output,
        s_out,
        s_name,
        s_type,
        SharedOptions.Json,
    }.WithExamples("vgg16", "resnet50:IMAGENET1K_V1 --from resnet50-0676ba61.pth", "--list",
        "net.onnx --labels classes.txt --out models/net",
        "checkpoint.ckpt --weights ema --pools 4,9,16,23");

    private static int Run(Invocation run)
    {
        if (run.Get(s_list))
        {
            return run.Get(s_source) is { } extra
                ? throw new InputException($"--list shows all weights, found also '{extra}'; leave one of them out")
                : PretrainedList.Write(run);
        }

        string source = run.Get(s_source)
            ?? throw new InputException("SOURCE is missing: expected a weight file or a name; 'interp-cli convert --list' shows the names");
        PretrainedWeights? pretrained = Named(source);
        string file = Locate(run, source, pretrained);
        string name = run.Get(s_name) ?? pretrained?.Name.Replace(':', '-') ?? Path.GetFileNameWithoutExtension(source);
        var request = new ConversionRequest(file, run.Get(s_out) ?? Path.Combine(ModelStore.UserFolder, name))
        {
            Name = run.Get(s_name) ?? (run.Get(s_out) is null ? name : null),
            LabelsFile = run.Get(s_labels) is var labels && labels == NoLabels ? null : labels,
            DType = DTypes.Parse(run.Get(s_type))!.Value,
            InputSize = PreprocessingFlags.InputSize(run)?.Height,
            InputWidth = PreprocessingFlags.InputSize(run)?.OtherWidth,
            Output = run.Get(s_output),
            ChannelsLast = run.Get(s_layout) is { } layout ? layout == "nhwc" : null,
            WithoutClasses = run.Get(s_labels) == NoLabels,
            Preprocessing = PreprocessingFlags.Read(run),
            Pretrained = pretrained,
            Weights = run.Get(s_weights),
            Architecture = run.Get(s_arch),
            Pools = run.Get(s_pools) is { } list ? Indices(list) : null,
            Activation = run.Get(s_activation) is { } activation ? OutputActivation.All.Find(activation) : null,
        };
        ModelInfo model = run.Progress("converting", bytes: true).Run(report =>
            ModelConverter.Convert(request, (done, total) => report("", done, total), run.Cancel));
        foreach (string assumption in model.Assumptions)
        {
            run.Note($"assumed: {assumption}");
        }

        if (run.Json)
        {
            run.WriteJson(ModelLine.Of(model), CliJson.Pretty.ModelLine);
            return ExitCodes.Done;
        }

        run.WriteLine($"{model.Name}: {Readable.Count(model.Parameters)} parameters, {Readable.Classes(model.Classes)}, "
            + $"input {Readable.Input(model)}, {(model.Classes == 0 ? "" : $"{model.Activation.Name}, ")}"
            + $"{model.Type}, {Readable.Size(model.Bytes)} in {Readable.Path(model.Folder)}");
        return ExitCodes.Done;
    }

    private static int[] Indices(string list)
    {
        string[] parts = list == "none" ? [] : list.Split(',', StringSplitOptions.TrimEntries);
        return [.. parts.Select(p => UnitList.Number(p.StartsWith("features.", StringComparison.Ordinal) ? p["features.".Length..] : p)
            ?? throw new InputException(
                $"--pools '{list}': expected numbers N of layers features.N such as 4,9,16, or none; found '{p}'"))];
    }

    /// <summary>The weights that a name stands for, or null where it is a file.</summary>
    /// <exception cref="InputException">It looks like a name, and is neither.</exception>
    private static PretrainedWeights? Named(string source) =>
        Path.Exists(source) || source.AsSpan().ContainsAny('/', '\\') || Path.GetExtension(source).Length > 1 ? null
            : PretrainedWeights.Find(source);

    private static string Locate(Invocation run, string source, PretrainedWeights? pretrained)
    {
        if (pretrained is null)
        {
            return run.IsGiven(s_from)
                ? throw new InputException(
                $"--from goes with the name of a pretrained model, found '{source}'; give the weight file as SOURCE alone")
                : source;
        }

        return run.Get(s_from) ?? run.Progress($"fetching {source}", bytes: true).Run(report =>
            pretrained.Fetch(ModelStore.DownloadFolder, (done, total) => report("", done, total), run.Cancel));
    }
}
