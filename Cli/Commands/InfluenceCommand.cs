using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Influence;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Training;

namespace Interp.Cli.Commands;

/// <summary><c>influence</c>: which training images made a prediction, and which may be wrong.</summary>
internal static class InfluenceCommand
{
    internal static Command Create(CliContext context) => new ProgramCommand(
        "influence", "Find the training images that made a prediction, and check it by training again", context, Run)
    {
        InfluenceFlags.Images,
        "What is asked",
        InfluenceFlags.Subject,
        "The lists, and how far they are checked",
        InfluenceFlags.Lists,
        "Other questions",
        InfluenceFlags.Others,
        Headings.Output,
        InfluenceFlags.Out,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.ImageEngine,
        MemoryFlags.All,
    }.WithExamples("cat.jpg --train photos/ --out why", "--train photos/ --mislabelled", "--train photos/ --compare");

    private static int Run(Invocation run)
    {
        string[] paths = run.Get(InfluenceFlags.Images);
        bool suspects = run.Get(InfluenceFlags.Mislabelled), compare = run.Get(InfluenceFlags.Compare);
        CheckForm(paths, suspects, compare);
        InfluenceFlags.NoteIdle(run);
        var plan = new QuestionPlan(
            InfluenceFlags.Count(run), InfluenceFlags.IsChecked(run) ? run.Get(InfluenceFlags.ChecksOption) : 0, InfluenceFlags.Rivals(run),
            run.Get(InfluenceFlags.RemoveTopOption));
        Network network = run.LoadModel();
        Node layer = InfluenceFlags.Layer(run, network);
        ClassFolders folders = ClassFolders.Of(InfluenceFlags.Train(run));
        InputList? inputs = paths.Length > 0 ? new InputList(run, paths) : null;
        string root = run.Get(InfluenceFlags.Out);
        OutputFile.CreateFolder(root, InfluenceFlags.Out.Name);
        using IBackend backend = run.OpenBackend();
        using var explainer = new Explainer(network, backend, MemoryFlags.Read(run) with { Backward = false });
        var store = new FeatureStore(run, explainer, layer, Path.Combine(root, "heads"));
        List<AskedImage> asked = inputs is null ? [] : Ask(store, inputs);
        if (inputs is not null && asked.Count == 0)
        {
            return inputs.ExitCode;
        }

        var head = HeadContext.Of(run, explainer, store, folders);
        Show(run, head, suspects, compare, asked, plan);
        return ExitCodes.Worse(head.Set.ExitCode, inputs?.ExitCode ?? ExitCodes.Done);
    }

    private static void CheckForm(string[] paths, bool suspects, bool compare)
    {
        if (suspects && compare)
        {
            throw new InputException("--mislabelled and --compare are two questions: give one of them");
        }

        if (suspects && paths.Length > 0)
        {
            throw new InputException($"--mislabelled ranks the training images and takes no image, found {paths[0]}");
        }

        if (paths.Length == 0 && !suspects && !compare)
        {
            throw new InputException("no image: name at least one whose prediction is asked about, or give --mislabelled or --compare");
        }
    }

    /// <summary>Reads the images that are asked about, before the many others.</summary>
    private static List<AskedImage> Ask(FeatureStore store, InputList inputs)
    {
        var names = new OutputNames();
        var asked = new List<AskedImage>();
        inputs.ForEach(store.Network, (_, input, part) => asked.Add(new AskedImage(
            input.Path, part, names.Take(input.Path, part), input.FileHash, store.Compute([input])[0])));
        return asked;
    }

    private static void Show(
        Invocation run, HeadContext head, bool suspects, bool compare, IReadOnlyList<AskedImage> asked, QuestionPlan plan)
    {
        if (!run.Json)
        {
            foreach (string line in HeadContext.Words(head.Line, head.Network.Name))
            {
                run.WriteLine(line);
            }

            run.WriteLine("");
        }

        if (HeadContext.Doubt(head.Line) is { } doubt)
        {
            run.Note(doubt);
        }

        if (suspects)
        {
            (string folder, SuspectManifest manifest) = new Suspects(run, head).Work();
            Print(run, SuspectTables.Lines(manifest), () => run.WriteJson(manifest, InfluenceJson.Pretty.SuspectManifest),
                Path.Combine(folder, Suspects.PageName));
        }
        else if (compare)
        {
            (string folder, CompareManifest manifest) = new CompareJob(run, head, asked).Work();
            Print(run, CompareTables.Lines(manifest), () => run.WriteJson(manifest, InfluenceJson.Pretty.CompareManifest),
                Path.Combine(folder, CompareJob.TableName));
        }
        else
        {
            InfluenceManifest manifest = new InfluenceJob(run, head, asked, plan).Work();
            foreach (QuestionManifest q in manifest.Questions)
            {
                foreach (string warning in q.Warnings)
                {
                    run.Note($"{Readable.PathAndPart(q.Image, q.Part)}: {warning}");
                }
            }

            Print(run, manifest.Questions.SelectMany(InfluenceTables.Lines),
                () => run.WriteJson(manifest, InfluenceJson.Pretty.InfluenceManifest),
                Path.Combine(run.Get(InfluenceFlags.Out), InfluenceJob.PageName));
        }
    }

    private static void Print(Invocation run, IEnumerable<string> lines, Action json, string result)
    {
        if (run.Json)
        {
            json();
            return;
        }

        foreach (string line in lines)
        {
            run.WriteLine(line);
        }

        run.WriteLine("");
        run.WriteLine($"{(result.EndsWith(".html", StringComparison.Ordinal) ? "page" : "table")}: {Readable.Path(result)}");
    }
}
