using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Cli.Visualization;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Visualization;

namespace Interp.Cli.Commands;

/// <summary><c>gallery</c>: images of many units on one page.</summary>
internal static class GalleryCommand
{
    private const string PageName = "gallery.html";

    private static readonly Option<string> s_layer = TypedOption.Text("--layer", "The layer of the channels", "NAME");

    private static readonly Option<string> s_channels = TypedOption.Text(
        "--channels", "Channels: numbers and ranges such as 0-15,264, or 'all'", "LIST");

    private static readonly Option<string> s_classes =
        TypedOption.Text("--classes", "Classes: ids, ranges, labels, 'all', or a file with one a line", "LIST|FILE");

    internal static Command Create(CliContext context) =>
        new ProgramCommand("gallery", "Optimise an image for each of many channels or classes, on one page", context, Run)
    {
        Headings.Unit,
        s_layer,
        s_channels,
        s_classes,
        VisualizeTargetFlags.Probability,
        VisualizeTargetFlags.Negative,
        Headings.Output,
        VisualizeCommand.Out,
        SharedOptions.Json,
        Headings.Optimisation,
        VisualizeFlags.All,
        SharedOptions.Seed,
        Headings.Engine,
        SharedOptions.Engine,
    }.WithExamples("--layer features.28 --channels 264-266,462", "--layer features.0 --channels all --steps 64",
    "--classes 0-39 --until-probability 0.99");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        VisualizePlan plan = VisualizeFlags.Read(run, network);
        IReadOnlyList<VisualizeTarget> targets = Targets(run, network);
        plan.Check(targets[0]);
        using IBackend backend = run.OpenBackend();
        using var visualizer = new Visualizer(network, backend);
        string root = run.Get(VisualizeCommand.Out);
        UnitLabels? labels = targets[0].Layer is { } layer ? UnitLabels.Find(root, network, layer, run.Note) : null;
        OutputFile.CreateFolder(root, "--out");
        var job = new VisualizeJob(run, visualizer, backend, plan, root);
        var done = new List<VisualizeLine>();
        var failures = new Failures(run);
        int reused = 0;
        try
        {
            run.Progress("optimising").Run(report =>
            {
                long each = (long)plan.Options.Steps * plan.Restarts;
                for (int i = 0; i < targets.Count; i++)
                {
                    run.Cancel.ThrowIfCancellationRequested();
                    VisualizeTarget target = targets[i];
                    long before = i * each;
                    if (failures.GaveUp(PageName))
                    {
                        break;
                    }

                    failures.Try(PageName, target.Words, alone: targets.Count == 1, () =>
                    {
                        VisualizeLine? line = job.Existing(target);
                        reused += line is null ? 0 : 1;
                        done.Add(line
                            ?? job.Make(target, FramePlan.None, (what, step, _) => report(what, before + step, targets.Count * each)));
                    });
                }

                return done.Count;
            });
            run.Cancel.ThrowIfCancellationRequested();
        }
        finally
        {
            foreach (VisualizeLine line in done.Where(l => !VisualizeJob.Holds(l)).ToArray())
            {
                done.Remove(line);
                failures.Report(line.Unit, line.Manifest.Description, ResultFiles.Disturbed(line.Folder));
            }

            if (done.Count > 0)
            {
                Show(run, root, new GalleryPage(Title(run, network), done, labels), done);
            }
        }

        if (reused > 0)
        {
            run.Note($"{reused} of {done.Count} images were there from the same settings");
        }

        return failures.ExitCode;
    }

    private static void Show(Invocation run, string root, GalleryPage page, List<VisualizeLine> done)
    {
        OutputFile.Write(Path.Combine(root, PageName), "--out", page.Write);
        if (run.Json)
        {
            run.WriteJson(done, VisualizationJson.Pretty.IReadOnlyListVisualizeLine);
        }
        else
        {
            VisualizeSummary.Show(run, done);
        }

        VisualizeManifest[] classes = [.. done.Select(d => d.Manifest).Where(m => m.Class is not null && !m.Negative)];
        if (classes.Length > 0)
        {
            run.Note($"{classes.Count(m => m.Prediction[0].Class == m.Class)} of {classes.Length} images are read back as their class, "
                + $"mean probability {classes.Average(m => m.Probability):0.0000}");
        }

        run.Note($"all on one page: {Readable.Path(Path.Combine(root, PageName))}");
    }

    private static string Title(Invocation run, Network network) =>
        run.IsGiven(s_classes) ? $"What {network.Name} takes for its classes" : $"What excites {run.Get(s_layer)} of {network.Name}";

    private static IReadOnlyList<VisualizeTarget> Targets(Invocation run, Network network)
    {
        bool negative = run.Get(VisualizeTargetFlags.Negative);
        if (run.Get(s_classes) is { } classes)
        {
            VisualizeTargetFlags.RequireClasses(network, s_classes.Name, $"{s_layer.Name} and {s_channels.Name}");
            Option? lost = ((Option[])[s_layer, s_channels]).FirstOrDefault(run.IsGiven);
            return lost is null
                ? [.. UnitList.Classes(classes, network.Labels, network.Classes).Select(
                c => VisualizeTargetFlags.OfClass(network, c, run.Get(VisualizeTargetFlags.Probability), negative))]
                : throw new InputException($"{lost.Name} and --classes: give one of them");
        }

        if (run.Get(s_layer) is not { } name || run.Get(s_channels) is not { } channels)
        {
            throw new InputException("nothing to show: give --layer and --channels, or --classes");
        }

        if (run.IsGiven(VisualizeTargetFlags.Probability))
        {
            throw new InputException("--probability goes with --classes");
        }

        Node layer = run.FindLayer(network, name);
        int count = network.OwnShapes[layer.Id][1];
        return [.. UnitList.Numbers(channels, count, "--channels").Select(
            k => VisualizeTargetFlags.OfChannel(network, layer, k, negative))];
    }
}
