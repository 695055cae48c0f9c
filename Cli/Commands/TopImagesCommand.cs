using System.CommandLine;
using Interp.Cli.Examples;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Examples;
using Interp.Engine.Graph;

namespace Interp.Cli.Commands;

/// <summary><c>top-images</c>: which images of a folder, and which places in them, excite channels of a layer.</summary>
internal static class TopImagesCommand
{
    private static readonly Option<string> s_channels = new(
        "--channel") { Description = "Channels: numbers and ranges such as 0-15,264, or 'all'", HelpName = "K[,K...]|all",
        Required = true };

    private static readonly Option<string> s_rank = TypedOption.Choice(
        "--rank", "What orders images: the channel's largest value, its mean or its relevance", "max",
        "max", "mean", RelevanceFlags.Rank);

    private static readonly Option<string> s_composite = RelevanceFlags.OfComposite();

    private static readonly Option<bool> s_least = TypedOption.Switch("--least", "Show what excites a channel least as well");

    internal static Command Create(CliContext context) =>
        new ProgramCommand("top-images", "Find the images and places that excite channels of a layer most", context, Run)
    {
        Headings.Unit,
        UnitFlags.Layer,
        s_channels,
        UnitFlags.Images,
        UnitFlags.Count,
        s_rank,
        s_composite,
        s_least,
        Headings.Output,
        UnitFlags.Out,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.ImageEngine,
        MemoryFlags.All,
    }.WithExamples("--layer features.28 --channel 264 --images photos/", "--layer features.28 --channel all --images val/");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        UnitChoice choice = UnitFlags.Read(run, network, s_channels, s_rank);
        bool byRelevance = choice.Rank == ExampleRank.Relevance;
        if (byRelevance)
        {
            RelevanceFlags.RequireClasses(network, $"{s_rank.Name} {RelevanceFlags.Rank}");
        }

        run.NoteIdle(!byRelevance, $"without {s_rank.Name} {RelevanceFlags.Rank}", s_composite);
        using IBackend backend = run.OpenBackend();
        using var explainer = new Explainer(network, backend, MemoryFlags.Read(run) with { Backward = false });
        InputList inputs = UnitFlags.Inputs(run);
        var job = new TopImagesJob(run, explainer, choice, inputs,
            new TopImagesPlan(run.Get(UnitFlags.Out), run.Get(s_least), run.Get(s_composite), s_composite.Name));
        if (job.Existing() is { } existing)
        {
            Show(run, job.Store, existing);
            run.Note("all of it was there from the same settings");
            return CodeOf(existing, inputs);
        }

        return job.Work(manifest => Show(run, job.Store, manifest));
    }

    private static int CodeOf(TopImagesManifest manifest, InputList inputs) => manifest.Skipped > 0 ? ExitCodes.Usage : inputs.ExitCode;

    private static TextTable Table(TopImagesStore store, TopImagesManifest manifest)
    {
        bool byRelevance = manifest.Rank == RelevanceFlags.Rank;
        int plane = manifest.Shape.Skip(2).Aggregate(1, (a, b) => a * b);
        string[] label = manifest.Labelled is null ? [] : ["label"];
        string[] columns = byRelevance ? ["largest share#", "relevant in#", "image that relies on it most"]
            : ["largest#", "median#", "active in#", "most exciting image"];
        var table = new TextTable(["channel#", .. columns, "place", .. label, "sheet"]);
        foreach (UnitLine unit in manifest.Units)
        {
            ExampleLine best = unit.Most[0];
            string[] values = byRelevance ? [Readable.Percent(best.Mean * plane)]
                : [Readable.Number(unit.Statistics.Maximum), Readable.Number(unit.Statistics.Quantiles["0.5"])];
            table.Add([
                $"{unit.Channel}", .. values, Readable.Percent(unit.Statistics.ActiveShare), Readable.Path(best.Image),
                $"{best.Y},{best.X}", .. label.Select(_ => unit.Label?.Words ?? "not dissected"),
                Readable.Path(Path.Combine(store.Folder, unit.Sheet))]);
        }

        return table;
    }

    private static void Show(Invocation run, TopImagesStore store, TopImagesManifest manifest)
    {
        if (run.Json)
        {
            run.WriteJson(manifest, ExampleJson.Pretty.TopImagesManifest);
        }
        else
        {
            run.Write(Table(store, manifest));
        }

        if (!manifest.Complete)
        {
            run.Note($"partial: these are the first {manifest.Images} images of {manifest.Listed} files; the same command goes on from "
                + "there");
        }
    }
}
