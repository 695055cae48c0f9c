using System.CommandLine;
using Interp.Cli.Dissection;
using Interp.Cli.Help;
using Interp.Cli.LabelSets;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;

namespace Interp.Cli.Commands;

/// <summary><c>dissect</c>: what the units of layers stand for, by labels, and what of it chance would give.</summary>
internal static class DissectCommand
{
    internal static Command Create(CliContext context) =>
        new ProgramCommand("dissect", "Find which concepts the units of layers stand for, and which of them chance gives", context, Run)
    {
        Headings.Unit,
        DissectFlags.Layer,
        DissectFlags.Labels,
        LabelFlags.Images,
        DissectFlags.Layout,
        LabelFlags.PolygonRule,
        DissectFlags.Channels,
        "Masks and labels",
        DissectFlags.Masks,
        "What counts",
        DissectFlags.Statistics,
        "Ablation",
        DissectFlags.Ablate,
        DissectFlags.AblateImages,
        Headings.Output,
        DissectFlags.Count,
        DissectFlags.Out,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.Engine,
        MemoryFlags.All,
        DissectFlags.CacheSize,
    }.WithExamples("--layer features.22", "--layer features.22,features.29 --labels VOC2012/",
        "--layer features.29 --ablate val/");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        using IBackend backend = run.OpenBackend();
        ExplainerOptions memory = MemoryFlags.Read(run);
        using var explainer = new Explainer(network, backend, memory with { Backward = false, MemoryLimit = DissectFlags.HalfOf(memory) });
        DissectPlan plan = DissectFlags.Plan(run, network);
        AblationJob? ablation = run.Get(DissectFlags.Ablate) is null ? null : new AblationJob(run, explainer);
        run.NoteIdle(ablation is null, $"without {DissectFlags.Ablate.Name}", DissectFlags.AblateImages);
        var job = new DissectJob(run, explainer, plan);
        (IReadOnlyList<DissectionManifest> manifests, int failed) = job.Work();
        DissectionReport.Show(run, [.. manifests.Zip(plan.Layers, (m, layer) => (m.Summary, job.FolderOf(layer)))]);
        foreach (Node layer in ablation is null ? [] : plan.Layers)
        {
            DissectionReport.Show(run, ablation!.Work(layer, job.FolderOf(layer)));
        }

        return failed > 0 || ablation?.Skipped > 0 ? ExitCodes.Usage : ExitCodes.Done;
    }
}
