using System.Diagnostics;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Attribution;
using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Examples;
using Interp.Engine.Graph;

namespace Interp.Cli.Examples;

/// <summary>What <c>top-images</c> does for a layer, unless that result is there already: one pass over the images, cut-outs, sheets and
/// tables.</summary>
internal sealed class TopImagesJob
{
    private static readonly TimeSpan s_checkpoint = TimeSpan.FromMinutes(1);
    private readonly Invocation _run;
    private readonly Explainer _explainer;
    private readonly UnitChoice _choice;
    private readonly InputList _inputs;
    private readonly TopImagesPlan _plan;
    private readonly string _settings;
    private readonly LayerReader _read;

    internal TopImagesJob(Invocation run, Explainer explainer, UnitChoice choice, InputList inputs, TopImagesPlan plan)
    {
        (_run, _explainer, _choice, _inputs, _plan) = (run, explainer, choice, inputs, plan);
        bool byRelevance = choice.Rank == ExampleRank.Relevance;
        string[] more = [$"{plan.Least}", .. byRelevance ? RelevanceFlags.Settings(plan.Composite) : []];
        _settings = TopImagesManifest.SettingsOf(run, Network, explainer.Backend, choice, inputs, more);
        _read = byRelevance
            ? new ConceptRelevance(explainer, choice.Layer, RelevanceFlags.Read(plan.Composite, plan.CompositeOption)).Shares
            : new LayerRun(explainer, choice.Layer).Activations;
        Store = new TopImagesStore(Path.Combine(plan.Out, $"{SafeName.Of(choice.Layer.Name)}-examples"), _settings);
    }

    /// <summary>Where the result lies.</summary>
    internal TopImagesStore Store { get; }

    private Network Network => _explainer.Network;

    /// <summary>The finished result of the same settings, with the labels of today; null where there is none.</summary>
    internal TopImagesManifest? Existing()
    {
        UnitLabels? labels = Labels();
        return Store.Existing() is not { } existing ? null
            : existing.Labelled == labels?.Digest ? existing : Store.Relabel(existing, labels);
    }

    /// <summary>Looks at all images, and writes what was found, also of those seen until it was stopped.</summary>
    /// <param name="show">Told of the result as soon as it is written.</param>
    /// <returns>The exit code.</returns>
    internal int Work(Action<TopImagesManifest> show)
    {
        OutputFile.CreateFolder(Store.Folder, UnitFlags.OutName);
        ExampleProgress? earlier = ExampleProgress.Read(Store.ProgressPath, _settings, _choice);
        if (earlier is not null)
        {
            _run.Note($"going on from an earlier run, which has seen {earlier.Images} images");
        }

        var failures = new Failures(_run);
        ExampleProgress progress = earlier ?? new ExampleProgress(_choice.Start());
        var search = new ExampleSearch(_run, _explainer, _read, _inputs, progress, failures);
        bool complete = false;
        try
        {
            var clock = Stopwatch.StartNew();
            search.Run(checkpoint: () =>
            {
                if (clock.Elapsed > s_checkpoint)
                {
                    search.Progress.Write(Store.ProgressPath, _settings);
                    clock.Restart();
                }
            });
            complete = true;
        }
        finally
        {
            if (search.Progress.Images > 0)
            {
                show(Finish(search.Progress, complete));
            }
        }

        bool skipped = search.Progress.Images > 0 && search.Progress.FilesRead < _inputs.Files.Count;
        return ExitCodes.Worse(failures.ExitCode, skipped ? ExitCodes.Usage : _inputs.ExitCode);
    }

    private UnitLabels? Labels() => UnitLabels.Find(_plan.Out, Network, _choice.Layer, _run.Note);

    private TopImagesManifest Finish(ExampleProgress progress, bool whole)
    {
        if (!whole)
        {
            progress.Write(Store.ProgressPath, _settings); // First, since a second Ctrl-C may end what follows.
        }

        TopImagesManifest manifest = TopImagesManifest.Of(
            _run, Network, _explainer.Backend, _choice, _inputs, progress, _settings, whole);
        if (Store.Begin() is { } replaced)
        {
            _run.Note(replaced);
        }

        var writer = new ExampleWriter(Network, _choice.Layer, Store.Files, _run.Get(SharedOptions.Threads));
        manifest = manifest with { Units = writer.Write(progress.Units, _plan.Least, k => $"{k}/") };
        return Store.Save(manifest.With(Labels()));
    }
}

/// <param name="Out">Folder of all results.</param>
/// <param name="Least">Whether the least exciting images are wanted too.</param>
/// <param name="Composite">The rules of relevance, where that is what orders images.</param>
/// <param name="CompositeOption">The option that chose them.</param>
internal sealed record TopImagesPlan(string Out, bool Least = false, string Composite = ConceptRelevance.DefaultComposite,
    string CompositeOption = "--composite");
