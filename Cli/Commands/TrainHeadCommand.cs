using System.CommandLine;
using System.Globalization;
using Interp.Cli.Help;
using Interp.Cli.Training;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Training;
using Interp.Weights;

namespace Interp.Cli.Commands;

/// <summary><c>train-head</c>: a classifier for a user's own classes, on the features that a model has learned.</summary>
internal static class TrainHeadCommand
{
    private static readonly Option<string> s_train = new("--train")
    {
        Description = "Folder with a folder of images for each class, called by its label or WordNet id",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<string> s_test = TypedOption.Text(
        "--test", "The same with other images, on which the head is measured", "DIR");

    private static readonly Option<string> s_layer = TypedOption.Text(
        "--layer", "Layer whose channel means are the features [default: the last linear layer's input]", "NAME");

    private static readonly Option<double?> s_l2 = TypedOption.OptionalReal(
        "--l2", "Penalty λ of (λ/2)|W|² [default: the best on held-out images]", "a number above 0", x => x is > 0 and < double.MaxValue);

    private static readonly Option<double> s_validation = TypedOption.Real(
        "--validation", "Share of each class that is held out to choose the penalty", new HeadOptions().Validation, 0, 0.5);

    private static readonly Option<string> s_augment = TypedOption.Choice(
        "--augment", "Train on mirror images, or on five crops and their mirror images, as well", Augmentation.None.Name,
        [.. Augmentation.All.Names]);

    private static readonly Option<string> s_out = TypedOption.Text(
        "--out", "Folder of the new model [default: the user's model folder]", "DIR");

    private static readonly Option<string> s_name = TypedOption.Text("--name", "The model's name [default: the folder's]", "NAME");

    internal static Command Create(CliContext context) => new ProgramCommand(
        "train-head", "Train a classifier for your own classes on the features of a model", context, Run)
    {
        "What to train on",
        s_train,
        s_layer,
        s_augment,
        s_l2,
        s_validation,
        SharedOptions.Seed,
        s_test,
        Headings.Output,
        s_out,
        s_name,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.ImageEngine,
        MemoryFlags.All,
    }.WithExamples("--train photos/ --out models/mine", "--train train/ --test val/ --model resnet18");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        Node layer = run.Get(s_layer) is { } asked ? run.FindLayer(network, asked) : FeatureRun.Usual(network);
        string name = run.Get(s_name) ?? $"{network.Name}-head";
        string folder = run.Get(s_out) ?? Path.Combine(ModelStore.UserFolder, name);
        string? given = run.Get(s_name) ?? (run.Get(s_out) is null ? name : null);
        HeadedModel.CheckTarget(folder, given);
        var options = new HeadOptions
        {
            L2 = run.Get(s_l2),
            Validation = run.Get(s_validation),
            Seed = run.Get(SharedOptions.Seed),
            Threads = run.Get(SharedOptions.Threads),
        };
        ClassFolders train = ClassFolders.Of(run.Get(s_train));
        var classes = train.Names.Select((n, i) => (n, i)).ToDictionary(c => c.n, c => c.i, StringComparer.Ordinal);
        ClassFolders? test = run.Get(s_test) is { } other ? TestFolders(other, classes, run.Get(s_train)) : null;

        using IBackend backend = run.OpenBackend();
        using var explainer = new Explainer(network, backend, MemoryFlags.Read(run) with { Backward = false });
        var features = new FeatureRun(explainer, layer);
        FeatureCollection seen = FeatureCollection.Of(
            run, features, network, run.Get(s_train), classes, train, Augmentation.All.Find(run.Get(s_augment)));
        TrainedHead trained = run.Progress("training").Run(report => HeadTrainer.Train(
            seen.Data, options, seen.Images,
            p => report($"{p.Stage}, gradient norm {p.GradientNorm:0.0e+0}", p.Index, p.Stages), run.Cancel));
        (HeadAccuracy? accuracy, int code) = Measure(run, features, network, classes, test, seen, trained.Head);

        int images = seen.Images.Distinct().Count();
        var model = new HeadedModel(network, layer, [.. trained.Head.Weights], [.. trained.Head.Bias], FolderClasses.LabelsOf(train.Names))
        {
            Remarks = [.. Remarks(network, layer, trained, images, seen.Data.Count)],
        };
        ModelInfo written = run.Progress("writing", bytes: true).Run(report =>
            model.Save(folder, given, (done, total) => report("", done, total), run.Cancel));
        var summary = new HeadSummary(
            written.Name, written.Folder, network.Name, layer.Name, features.Features, written.Classes, images, seen.Data.Count,
            trained.L2, [.. trained.Trials.Select(t => new TrialLine(t.L2, t.HeldOut.Top1.Share, t.HeldOut.Loss))],
            AccuracyLine.Of(trained.HeldOut), AccuracyLine.Of(accuracy), trained.Fit.GradientNorm, trained.Fit.Steps, trained.Fit.Products);
        Show(run, summary);
        return ExitCodes.Worse(seen.ExitCode, code);
    }

    private static (HeadAccuracy? Accuracy, int Code) Measure(
        Invocation run, FeatureRun features, Network network, IReadOnlyDictionary<string, int> classes, ClassFolders? folders,
        FeatureCollection seen, SoftmaxHead head)
    {
        if (folders is null)
        {
            return (null, ExitCodes.Done);
        }

        FeatureCollection test = FeatureCollection.Of(run, features, network, run.Get(s_test), classes, folders, Augmentation.None);
        int known = test.Hashes.Count(seen.Hashes.Contains);
        if (known > 0)
        {
            run.Note($"{known} of the test images are training images too: what is measured on them says nothing");
        }

        return (HeadAccuracy.Of(head, test.Data), test.ExitCode);
    }

    private static ClassFolders TestFolders(string path, Dictionary<string, int> classes, string train)
    {
        ClassFolders folders = ClassFolders.Of(path);
        return folders.Names.FirstOrDefault(n => !classes.ContainsKey(n)) is { } stranger
            ? throw new InputException($"--test {path}: holds the class '{stranger}', which {train} does not have")
            : folders;
    }

    private static IEnumerable<string> Remarks(Network network, Node layer, TrainedHead trained, int images, int rows)
    {
        string views = rows > images ? $" in {rows} views" : "";
        yield return $"trunk: {network.Name} up to {layer.Name}, as it was";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"head: softmax regression on {images} images{views}, penalty {trained.L2:g6}, gradient norm "
            + $"{trained.Fit.GradientNorm:0.0e+0}");
        if (trained.HeldOut is { } held)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"right on {100 * held.Top1.Share:0.0} % of {held.Top1.Of} held-out images, chance {100 * held.Chance1:0.0} %");
        }
    }

    private static void Show(Invocation run, HeadSummary summary)
    {
        if (run.Json)
        {
            run.WriteJson(summary, HeadJson.Pretty.HeadSummary);
            return;
        }

        foreach (string line in summary.Lines())
        {
            run.WriteLine(line);
        }
    }
}
