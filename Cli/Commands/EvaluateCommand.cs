using System.CommandLine;
using Interp.Cli.Evaluation;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Baselines;
using Interp.Engine.Graph;

namespace Interp.Cli.Commands;

/// <summary><c>evaluate</c>: how far the maps of attribution methods can be believed, over many images, with baselines beside
/// them.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> s_class = new("--class")
    {
        Description = $"'{Evaluator.True}': the image's own where its box or folder tells it, else the top class",
        HelpName = "true|top|ID|LABEL",
        DefaultValueFactory = _ => Evaluator.True,
    };

    private static readonly Option<string> s_boxes = TypedOption.Text(
        "--boxes", "Table of boxes around objects: file, wnid, xmin, ymin, xmax, ymax", "FILE");

    private static readonly Option<double> s_largestBox = TypedOption.Real(
        "--largest-box", "Boxes count where they cover at most this share of the image", 1, 0, 1);

    private static readonly Option<int> s_perFolder = TypedOption.Whole(
        "--per-folder", "Images to take of each folder; 0: all", 0, 0, int.MaxValue);

    private static readonly Option<string> s_out = TypedOption.Folder("Folder of the results; what is there is not measured again");

    internal static Command Create(CliContext context) => new ProgramCommand(
        "evaluate", "Measure how far maps can be believed, beside random maps and an edge detector", context, Run)
    {
        SharedOptions.Images,
        Headings.Method,
        MethodFlags.Method,
        SharedOptions.Seed,
        MethodFlags.Own,
        Headings.Target,
        s_class,
        TargetFlags.Probability,
        s_perFolder,
        Headings.Evidence,
        EvidenceFlags.All,
        s_boxes,
        s_largestBox,
        EvidenceFlags.Names,
        Headings.Output,
        s_out,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.ImageEngine,
        MemoryFlags.All,
    }.WithExamples(
        "cat.jpg --method vanilla,guided --metrics all", "photos/ --method all --curve-steps 20 --out results",
        "val/ --method gradcam --per-folder 1 --boxes val/boxes.tsv");

    private static int Run(Invocation run)
    {
        IReadOnlyList<EvidenceMetric> metrics = EvidenceFlags.Metrics(run);
        EvidenceOptions options = EvidenceFlags.Options(run);
        (AttributionMethod Method, OptionValues Options)[] methods = [
            .. MethodFlags.Read(run), .. BaselineMaps.All.Select(b => (b, b.Configure()))];
        BoxFile boxes = run.Get(s_boxes) is { } path ? BoxFile.Read(path) : BoxFile.None;
        run.NoteIdle(!run.IsGiven(s_boxes), $"without {s_boxes.Name}", s_largestBox);
        Network network = run.LoadModel();
        if (network.Classes == 0)
        {
            throw new InputException($"{network.Name} has no classes, which evaluate is about; 'saliency --unit {network.Output.Name}:0 "
                + "--evidence' measures the maps of a unit");
        }

        MethodFlags.Check(run, methods, network);
        var choice = new ClassChoice(run.Get(s_class), run.Get(TargetFlags.Probability));
        if (!choice.IsPerImage)
        {
            network.Labels.Find(choice.Class);
        }

        using IBackend backend = run.OpenBackend();
        using var explainer = new Explainer(network, backend, MemoryFlags.Read(run));
        var inputs = new InputList(run, perFolder: run.Get(s_perFolder));
        var store = new EvaluationStore(run.Get(s_out));
        var failures = new Failures(run);
        var images = new LabelledImages(network, boxes, run.Get(s_largestBox));
        var evaluator = new Evaluator(run, explainer, new EvidenceBoard(metrics, options), options, images, choice, store, failures);
        if (store.Begin(evaluator.Describe()) is { } replaced)
        {
            run.Note(replaced);
        }

        EvidenceCost cost = metrics.Aggregate(default(EvidenceCost), (sum, m) => sum + m.Cost(options));
        run.Note($"{inputs.Files.Count} images, {methods.Length} maps of each, {BaselineMaps.All.Count} of them baselines; the evidence "
            + $"for one map takes up to {cost}");
        bool complete = false;
        try
        {
            run.Progress("evaluating").Run(report =>
            {
                inputs.ForEach(network, (i, input, part) =>
                {
                    evaluator.Evaluate(input, part, methods, (method, j) => report(
                        $"{Path.GetFileName(input.Path)}, {method}", ((long)i * methods.Length) + j,
                        (long)inputs.Files.Count * methods.Length));
                    store.Save(evaluator.Describe(), complete: false, last: false);
                });
                return store.Rows.Count;
            });
            complete = true;
        }
        finally
        {
            if (store.Rows.Count > 0)
            {
                EvaluationFile file = store.Save(evaluator.Describe(), complete, last: true);
                EvaluationPage.Write(store.Page, file);
                EvaluationTable.Show(run, file);
            }
        }

        run.Note($"{store.Rows.Count} maps, {store.Reused} of them from an earlier run, "
            + $"{Readable.Count(store.Rows.Sum(r => (long)r.Passes))} "
            + "changed images run for their evidence; written to "
            + $"{string.Join(" and ", store.Files.Select(Readable.Path))}");
        if (store.Rows.Count > 0)
        {
            store.Check(evaluator.Describe());
        }

        return ExitCodes.Worse(inputs.ExitCode, failures.ExitCode);
    }
}
