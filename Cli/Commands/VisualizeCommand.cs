using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Cli.Visualization;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Visualization;

namespace Interp.Cli.Commands;

/// <summary><c>visualize</c>: what a unit of the network has learned.</summary>
internal static class VisualizeCommand
{
    internal static readonly Option<string> Out = TypedOption.Folder("Folder of the results, one folder a unit");

    private static readonly Option<string> s_strip = TypedOption.Text(
        "--strip", "With --class and --from: a row from attack to visualisation, naming units of a layer", "LAYER");

    internal static Command Create(CliContext context) =>
        new ProgramCommand("visualize", "Optimise an image that excites a unit, a layer or a class", context, Run)
    {
        Headings.Unit,
        VisualizeTargetFlags.All,
        Headings.Output,
        Out,
        s_strip,
        FrameFlags.All,
        SharedOptions.Json,
        Headings.Optimisation,
        VisualizeFlags.All,
        SharedOptions.Seed,
        Headings.Engine,
        SharedOptions.Engine,
    }.WithExamples(
        "--layer features.28 --channel 264", "--class \"Egyptian cat\" --until-probability 0.99",
        "--layer features.19 --from cat.jpg --size 512 --octaves 4",
        "--class goldfish --from cat.jpg --within 8/255",
        "--class goldfish --from cat.jpg --strip features.28",
        "--objective \"features.28:264 + features.28:3\"");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        bool isStrip = run.IsGiven(s_strip);
        VisualizePlan plan = isStrip ? VisualizeFlags.ReadStrip(run, network, s_strip.Name) : VisualizeFlags.Read(run, network);
        using IBackend backend = run.OpenBackend();
        using var visualizer = new Visualizer(network, backend);
        VisualizeTarget target = VisualizeTargetFlags.Read(run, network, ObjectiveTexts.Reader(visualizer, plan.Options));
        plan.Check(target);
        if (isStrip)
        {
            return Strip(run, visualizer, backend, plan, target);
        }

        var job = new VisualizeJob(run, visualizer, backend, plan, run.Get(Out));
        VisualizeLine line = run.Progress("optimising").Run(report => job.Make(target, FrameFlags.Read(run, plan.Options.Steps), report));
        if (run.Json)
        {
            run.WriteJson(line, VisualizationJson.Pretty.VisualizeLine);
        }
        else
        {
            VisualizeSummary.Show(run, [line]);
        }

        run.Cancel.ThrowIfCancellationRequested();
        return ExitCodes.Done;
    }

    private static int Strip(Invocation run, Visualizer visualizer, IBackend backend, VisualizePlan plan, VisualizeTarget target)
    {
        if (target.Class is null || target.IsNegative)
        {
            throw new InputException($"{s_strip.Name} goes with --class, without --negative");
        }

        Node layer = run.FindLayer(visualizer.Network, run.Get(s_strip)!);
        var job = new StripJob(run, visualizer, backend, plan, VisualizeFlags.Transforms(run), layer);
        StripLine line = run.Progress("optimising").Run(report => job.Make(target, run.Get(Out), VisualizeFlags.From(run)!, report));
        if (run.Json)
        {
            run.WriteJson(line, VisualizationJson.Pretty.StripLine);
        }
        else
        {
            StripSummary.Show(run, line);
        }

        return ExitCodes.Done;
    }
}
