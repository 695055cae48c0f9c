using System.CommandLine;
using Interp.Cli.Dissection;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Cli.Site;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;

namespace Interp.Cli.Commands;

/// <summary><c>site</c>: a static site of a network.</summary>
internal static class SiteCommand
{
    internal static Command Create(CliContext context) =>
        new ProgramCommand("site", "Make a site of a network's layers, units and classes, opened from disk", context, Run)
    {
        Headings.Unit,
        SiteFlags.Layers,
        SiteFlags.Units,
        SiteFlags.Classes,
        "What it is made of",
        SiteFlags.Labels,
        DissectFlags.Layout,
        SiteFlags.Images,
        SiteFlags.Count,
        SiteFlags.Sample,
        SiteFlags.Steps,
        SiteFlags.Size,
        SharedOptions.Seed,
        Headings.Output,
        SiteFlags.Out,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.Engine,
        MemoryFlags.All,
    }.WithExamples("--out site", "--images photos/ --labels VOC2012/ --units detectors",
    "--layers layer3,layer4 --model resnet18 --classes none");

    private static int Run(Invocation run)
    {
        SitePlan plan = SitePlan.Read(run);
        using IBackend backend = run.OpenBackend();
        ExplainerOptions memory = MemoryFlags.Read(run);
        using var explainer = new Explainer(
            plan.Network, backend, memory with { Backward = false, MemoryLimit = DissectFlags.HalfOf(memory) });
        var job = new SiteJob(run, plan, backend, explainer);
        bool isWhole = false;
        try
        {
            job.Work();
            isWhole = true;
        }
        finally
        {
            if (isWhole || run.Cancel.IsCancellationRequested)
            {
                var writer = new SiteWriter(run, job.Collect(isWhole), plan.Out);
                Show(run, plan, writer.Write(isWhole && job.ExitCode == ExitCodes.Done, isStopped: !isWhole));
            }
        }

        return job.ExitCode;
    }

    private static void Show(Invocation run, SitePlan plan, (SiteManifest Manifest, bool WasThere) written)
    {
        SiteManifest m = written.Manifest;
        if (run.Json)
        {
            run.WriteJson(m, SiteJson.Pretty.SiteManifest);
        }
        else
        {
            var table = new TextTable("what", "found");
            table.Add("layers", $"{m.Layers}");
            table.Add("units", $"{m.Units}");
            table.Add("classes", $"{m.Classes}");
            table.Add("pages", $"{m.Pages}, {Readable.Size(m.Bytes)} with their images");
            table.Add("site", Readable.Path(Path.Combine(plan.Out, SitePaths.Index)));
            run.Write(table);
        }

        if (written.WasThere)
        {
            run.Note("all of it was there from the same settings");
        }
    }
}
