using System.CommandLine;
using Interp.Cli.Examples;
using Interp.Cli.Help;
using Interp.Cli.Visualization;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Cli.Commands;

/// <summary><c>unit</c>: all about one channel of a layer on one page.</summary>
internal static class UnitCommand
{
    private static readonly Option<string> s_channel = new(
        "--channel") { Description = "A channel of the layer", HelpName = "K", Required = true };

    private static readonly Option<string> s_removal =
        TypedOption.Choice("--removal", "What stands for the removed channel: 0, or its mean, which takes a second pass", "zero", "zero",
            "mean");

    private static readonly Option<int> s_steps =
        TypedOption.Whole("--steps", "Steps for the two optimised images, unless 'visualize' has made them; 0: none", 256, 0, 1_000_000);

    internal static Command Create(CliContext context) =>
        new ProgramCommand("unit", "Show all about one channel on a page, and what its removal does", context, Run)
    {
        Headings.Unit,
        UnitFlags.Layer,
        s_channel,
        UnitFlags.Search,
        s_removal,
        s_steps,
        SharedOptions.Seed,
        Headings.Output,
        UnitFlags.Out,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.ImageEngine,
        MemoryFlags.All,
    }.WithExamples("--layer features.28 --channel 264 --images photos/", "--layer features.28 --channel 264 --images val/ --removal mean");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        UnitChoice choice = UnitFlags.Read(run, network, s_channel, UnitFlags.Rank);
        if (choice.Channels.Count != 1)
        {
            throw new InputException($"{s_channel.Name} {run.Get(s_channel)}: expected one channel; 'top-images' takes several");
        }

        using IBackend backend = run.OpenBackend();
        var failures = new Failures(run);
        failures.Try("optimised", $"optimised images of {choice.Layer.Name}:{choice.Channels[0]}", alone: false, () =>
            UnitImages.Make(run, network, backend, choice.Layer, choice.Channels[0], run.Get(s_steps), run.Get(UnitFlags.Out)));
        using var explainer = new Explainer(network, backend, MemoryFlags.Read(run) with { Backward = false });
        var job = new UnitJob(run, explainer, choice, UnitFlags.Inputs(run), removesToMean: run.Get(s_removal) == "mean", failures);
        UnitManifest? manifest = job.Existing();
        if (manifest is not null)
        {
            run.Note("all of it was there from the same settings");
        }
        else
        {
            try
            {
                job.Work();
            }
            finally
            {
                manifest = job.Finish();
                if (manifest is not null)
                {
                    UnitSummary.Show(run, job.Folder, manifest);
                }
            }

            return ExitCodes.Worse(job.ExitCode, failures.ExitCode);
        }

        UnitSummary.Show(run, job.Folder, manifest);
        return ExitCodes.Worse(failures.ExitCode, manifest.Examples.Skipped > 0 ? ExitCodes.Usage : job.ExitCode);
    }
}
