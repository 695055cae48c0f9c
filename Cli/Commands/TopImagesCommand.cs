using System.CommandLine;
using System.Diagnostics;
using Interp.Cli.Examples;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Examples;
using Interp.Engine.Graph;

namespace Interp.Cli.Commands;

/// <summary><c>top-images</c>: which images of a folder, and which places in them, excite channels of a layer.</summary>
internal static class TopImagesCommand
{
    private static readonly TimeSpan s_checkpoint = TimeSpan.FromMinutes(1);

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
        LayerReader read = byRelevance
            ? new ConceptRelevance(explainer, choice.Layer, RelevanceFlags.Read(run, s_composite)).Shares
            : new LayerRun(explainer, choice.Layer).Activations;
        string[] more = [$"{run.Get(s_least)}", .. byRelevance ? RelevanceFlags.Settings(run.Get(s_composite)) : []];
        string settings = TopImagesManifest.SettingsOf(run, network, backend, choice, inputs, more);
        var store = new TopImagesStore(Path.Combine(run.Get(UnitFlags.Out), $"{SafeName.Of(choice.Layer.Name)}-examples"), settings);
        UnitLabels? labels = UnitLabels.Find(run.Get(UnitFlags.Out), network, choice.Layer, run.Note);
        if (store.Existing() is { } existing)
        {
            existing = existing.Labelled == labels?.Digest ? existing : store.Relabel(existing, labels);
            Show(run, store, existing);
            run.Note("all of it was there from the same settings");
            return CodeOf(existing, inputs);
        }

        OutputFile.CreateFolder(store.Folder, UnitFlags.OutName);
        ExampleProgress? earlier = ExampleProgress.Read(store.ProgressPath, settings, choice);
        if (earlier is not null)
        {
            run.Note($"going on from an earlier run, which has seen {earlier.Images} images");
        }

        var failures = new Failures(run);
        ExampleProgress progress = earlier ?? new ExampleProgress(choice.Start());
        var search = new ExampleSearch(run, explainer, read, inputs, progress, failures);
        bool complete = false;
        try
        {
            var clock = Stopwatch.StartNew();
            search.Run(checkpoint: () =>
            {
                if (clock.Elapsed > s_checkpoint)
                {
                    search.Progress.Write(store.ProgressPath, settings);
                    clock.Restart();
                }
            });
            complete = true;
        }
        finally
        {
            if (search.Progress.Images > 0)
            {
                Finish(complete);
            }
        }

        bool skipped = search.Progress.Images > 0 && search.Progress.FilesRead < inputs.Files.Count;
        return ExitCodes.Worse(failures.ExitCode, skipped ? ExitCodes.Usage : inputs.ExitCode);

        void Finish(bool whole)
        {
            if (!whole)
            {
                search.Progress.Write(store.ProgressPath, settings); // First, since a second Ctrl-C may end what follows.
            }

            TopImagesManifest manifest = TopImagesManifest.Of(run, network, backend, choice, inputs, search.Progress, settings, whole);
            if (store.Begin() is { } replaced)
            {
                run.Note(replaced);
            }

            var writer = new ExampleWriter(network, choice.Layer, store.Files, run.Get(SharedOptions.Threads));
            manifest = manifest with { Units = writer.Write(search.Progress.Units, run.Get(s_least), k => $"{k}/") };
            Show(run, store, store.Save(manifest.With(labels)));
        }
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
