using System.CommandLine;
using Interp.Cli.Evaluation;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Cli.Saliency;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Commands;

/// <summary><c>saliency</c>: which pixels a class score comes from.</summary>
internal static class SaliencyCommand
{
    private static readonly Option<bool> s_evidence = TypedOption.Switch(
        "--evidence", "Measure how far each map can be believed; on with --report unless '--evidence false'");

    private static readonly Option<bool> s_report = TypedOption.Switch("--report", "Write report.html: all maps side by side in one file");

    private static readonly Option<long> s_reportSize =
        TypedOption.Bytes("--report-size", "About the most bytes of one report file; more images go to report-2.html", "64M");

    private static readonly Option<string> s_out = TypedOption.Folder("Folder of the results; what is there is not made again");

    internal static Command Create(CliContext context) =>
        new ProgramCommand("saliency", "Show which pixels a class score comes from", context, Run)
    {
        SharedOptions.Images,
        Headings.Method,
        MethodFlags.Method,
        SharedOptions.Seed,
        MethodFlags.Own,
        Headings.Target,
        TargetFlags.All,
        Headings.Output,
        s_out,
        s_report,
        s_reportSize,
        SharedOptions.Json,
        "Images made",
        ImageFlags.All,
        Headings.Evidence,
        s_evidence,
        EvidenceFlags.All,
        EvidenceFlags.Names,
        Headings.Engine,
        SharedOptions.ImageEngine,
        MemoryFlags.All,
    }.WithExamples(
        "cat.jpg --method guided", "photos/ --method gradcam,guided,lrp --report",
        "cat.jpg --method occlusion --window 48 --class \"tiger cat\"",
        "cat.jpg --method gradcam --class lynx --against puma", "cat.jpg --method vanilla --unit features.28:264");

    private static int Run(Invocation run) => Explain(run, MethodFlags.Read(run));

    /// <summary>The command with methods that need not be those of the catalog.</summary>
    internal static int Explain(Invocation run, IReadOnlyList<(AttributionMethod Method, OptionValues Options)> methods)
    {
        ImageOptions images = ImageFlags.Read(run);
        ExplainerOptions limits = MemoryFlags.Read(run);
        EvidencePlan? evidence = run.Get(run.IsGiven(s_evidence) ? s_evidence : s_report) ? EvidenceFlags.Plan(run) : null;
        NoteIdle(run, methods, measures: evidence is not null);
        Network network = run.LoadModel();
        MethodFlags.Check(run, methods, network);
        TargetChoice choice = TargetFlags.Read(run, network);
        using IBackend backend = run.OpenBackend();
        using var explainer = new Explainer(network, backend, limits);
        var inputs = new InputList(run);
        var failures = new Failures(run);
        var writer = new SaliencyWriter(run.Get(s_out), images, run.Get(SharedOptions.Threads));
        var job = new SaliencyJob(run, explainer, choice, methods, writer, evidence, failures);
        try
        {
            Work(run, job, inputs, network);
        }
        catch
        {
            if (job.Done.Count > 0) // Not as the filter of the catch: that would run before the queue is empty.
            {
                SaliencySummary.Show(run, job.Done);
            }

            throw;
        }

        if (run.Get(s_report))
        {
            job.CheckAll();
        }

        SaliencySummary.Show(run, job.Done);
        if (job.Reused > 0)
        {
            run.Note($"{job.Reused} of {job.Done.Count} results were there from the same settings");
        }

        if (run.Get(s_report) && job.Done.Count > 0)
        {
            IReadOnlyList<string> pages = ReportWriter.Write(
                run.Get(s_out), job.Done, methods, images, Words(run, choice, network), evidence, run.Get(s_reportSize));
            run.Note($"report: {string.Join(", ", pages.Select(p => $"{Readable.Path(p)}, {Readable.Size(new FileInfo(p).Length)}"))}");
        }

        return ExitCodes.Worse(inputs.ExitCode, failures.ExitCode);
    }

    /// <summary>What is explained, and of a channel what a dissection in the same folder says that it stands for.</summary>
    private static string Words(Invocation run, TargetChoice choice, Network network)
    {
        string words = choice.Words(network.Labels);
        return choice.Unit is { } u && UnitLabels.Find(run.Get(s_out), network, u.Layer, run.Note)?.Of(u.Channel) is { } label
            ? $"{words}; by its dissection {label.Words}"
            : words;
    }

    private static void NoteIdle(Invocation run, IReadOnlyList<(AttributionMethod Method, OptionValues Options)> methods, bool measures)
    {
        run.NoteIdle(!run.Get(s_report), $"without {s_report.Name}", s_reportSize);
        run.NoteIdle(!measures, $"without {s_evidence.Name} or {s_report.Name}", EvidenceFlags.All);
        run.NoteIdle(methods.All(m => m.Method.KindWith(m.Options).IsMap()), "on maps, which have one value for each pixel",
            ImageFlags.OfChannels);
    }

    private static void Work(Invocation run, SaliencyJob job, InputList inputs, Network network)
    {
        using var queue = new WriteQueue();
        long each = 0;
        run.Progress("explaining").Run(report =>
        {
            inputs.ForEach(network, (i, input, part) =>
            {
                if (each == 0)
                {
                    CostEstimate cost = job.CostOf(input);
                    each = Math.Max(1, cost.All);
                    if (cost.Words(inputs.Files.Count) is { } words)
                    {
                        run.Note(words);
                    }
                }

                bool alone = inputs.Files.Count == 1 && part is null;
                job.Explain(input, part, alone, queue, (what, passes) =>
                    report($"{Path.GetFileName(input.Path)}, {what}", (i * each) + (long)passes, inputs.Files.Count * each));
            });
            queue.Finish();
            return job.Done.Count;
        });
    }
}
