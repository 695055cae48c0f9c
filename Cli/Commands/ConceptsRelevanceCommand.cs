using System.CommandLine;
using Interp.Cli.Concepts.Relevance;
using Interp.Cli.Examples;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Graph;

namespace Interp.Cli.Commands;

/// <summary><c>concepts relevance</c>: through which channels of a layer a decision passed, and from where.</summary>
internal static class ConceptsRelevanceCommand
{
    private static readonly Option<int> s_top = TypedOption.Whole("--top", "Channels to show: those that carry most", 8, 1, 100);

    private static readonly Option<string> s_composite = RelevanceFlags.OfComposite();

    private static readonly Option<string[]> s_photos = new("--images")
    {
        Description = "Photos to compare with: which rely on the channels most",
        HelpName = "DIR...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> s_references = TypedOption.Whole(
        "--count", "Photos to show of a channel that rely on it most, and that excite it", 3, 1, 20);

    private static readonly Option<string> s_out = TypedOption.Folder("Folder of the results; what is there is not made again");

    internal static Command Create(CliContext context) =>
        new ProgramCommand("relevance", "Show through which channels of a layer a decision passed", context, Run)
    {
        SharedOptions.Images,
        Headings.Unit,
        UnitFlags.Layer,
        s_top,
        s_composite,
        Headings.Target,
        TargetFlags.OfLogits,
        "What to compare with",
        s_photos,
        s_references,
        Headings.Output,
        s_out,
        SharedOptions.Json,
        "Images made",
        ImageFlags.All,
        Headings.Engine,
        SharedOptions.ImageEngine,
        MemoryFlags.All,
    }.WithExamples("cat.jpg --layer features.28", "cat.jpg --layer features.28 --images photos/");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        Node layer = run.FindLayer(network, run.Get(UnitFlags.Layer));
        TargetChoice choice = TargetFlags.Read(run, network);
        if (run.IsGiven(s_photos))
        {
            RelevanceFlags.RequireClasses(network, s_photos.Name);
        }

        run.NoteIdle(!run.IsGiven(s_photos), $"without {s_photos.Name}", s_references);
        run.NoteIdle(true, "on heat maps and overlays", ImageFlags.OfColors);
        using IBackend backend = run.OpenBackend();
        using var explainer = new Explainer(network, backend, MemoryFlags.Read(run) with { Backward = false });
        var relevance = new ConceptRelevance(explainer, layer, RelevanceFlags.Read(run, s_composite));
        var inputs = new InputList(run);
        var failures = new Failures(run);
        RelevancePhotos? photos = run.IsGiven(s_photos)
            ? new RelevancePhotos(run, relevance, new InputList(run, run.Get(s_photos)), run.Get(s_references), failures)
            : null;
        var job = new RelevanceJob(
            run, relevance, choice, new RelevancePlan(run.Get(s_top), run.Get(s_composite), run.Get(s_out)), photos);
        try
        {
            inputs.ForEach(network, (i, input, part) => failures.Try(
                "relevance", Readable.PathAndPart(input.Path, part), alone: inputs.Files.Count == 1 && part is null,
                () => job.Explain(input, part)));
        }
        finally
        {
            job.Show();
        }

        return ExitCodes.Worse(ExitCodes.Worse(inputs.ExitCode, failures.ExitCode), photos?.ExitCode ?? ExitCodes.Done);
    }
}
