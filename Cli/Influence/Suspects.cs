using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Interp.Cli.Output;
using Interp.Engine.Imaging;
using Interp.Engine.Influence;
using Interp.Engine.Influence.Suspects;

namespace Interp.Cli.Influence;

/// <summary>Ranks the training images by how likely they lie in the wrong folder.</summary>
/// <param name="run">The command's run.</param>
/// <param name="context">Network, training images and head.</param>
internal sealed class Suspects(Invocation run, HeadContext context)
{
    internal const string TableName = "mislabelled.csv", PageName = "page.html";

    private static readonly string[] s_usual =
        [.. SuspectScores.All.Where(s => s.Name is not ("self-influence" or "random")).Select(s => s.Name)];

    internal static readonly Option<string> By = MakeBy();

    private readonly double _share = run.Get(InfluenceFlags.PlantOption);

    /// <summary>The scores to compute: the usual ones and what was asked for; all where their worth is measured.</summary>
    private SuspectScore[] Ways =>
        [.. SuspectScores.All.Where(s => _share > 0 || s_usual.Contains(s.Name) || s.Name == run.Get(By))];

    /// <summary>The scores of all training images, by name.</summary>
    internal static IReadOnlyDictionary<string, double[]> ScoresOf(
        Invocation run, InfluenceProblem problem, IReadOnlyList<SuspectScore> ways) => run.Progress("suspects,").Run(
            report => ways.ToDictionary(
                w => w.Name, w => w.Of(problem, p => report($"{w.Name}, {p.Stage}", p.Done, p.Of), run.Cancel)));

    /// <summary>Finds them, unless that was done before.</summary>
    internal (string Folder, SuspectManifest Manifest) Work()
    {
        string path = Path.Combine(run.Get(InfluenceFlags.Out), _share > 0 ? "mislabelled-planted" : "mislabelled");
        var folder = new ResultFolder<SuspectManifest>(path, InfluenceJson.Strict.SuspectManifest);
        string by = run.Get(By);
        int count = InfluenceFlags.Count(run);
        string settings = SettingsHash.Of(["mislabelled", context.Head.Settings, context.Set.Folder, by, $"{count} {_share}"]);
        if (folder.Existing(settings) is { } existing)
        {
            run.Note($"{Readable.Path(path)}: all of it was there from the same settings");
            return (path, existing);
        }

        OutputFile.CreateFolder(path, InfluenceFlags.Out.Name);
        var clock = Stopwatch.StartNew();
        PlantedCheck? check = _share > 0 ? new PlantedCheck(run, context.Set, context.Problem.Options) : null;
        PlantedLine? planted = check?.Run(_share, Ways, withRepair: true);
        InfluenceProblem problem = check?.Problem ?? context.Problem;
        int[] images = check?.Rest ?? [.. Enumerable.Range(0, problem.Count)];
        IReadOnlyDictionary<string, double[]> scores = check?.Scores ?? ScoresOf(run, problem, Ways);
        int[] order = MislabelRanking.Order(scores[by]);
        SuspectLine[] suspects = run.Progress("asking without the image,").Run(report => order.Take(count).Select((i, rank) =>
        {
            report("", rank, count);
            return Line(problem, images, scores, check, i, rank);
        }).ToArray());
        folder.Begin(settings);
        var files = new List<string>();
        var pictures = new InfluencePictures(run, context);
        for (int k = 0; k < suspects.Length; k++)
        {
            RgbImage picture = pictures.Picture(images[order[k]]);
            Add(suspects[k].Picture, s => ImageFile.WritePng(s, picture));
        }

        var manifest = new SuspectManifest
        {
            Settings = settings,
            Model = context.Network.Name,
            ModelHash = context.Network.Hash,
            Head = context.Line,
            By = by,
            Suspects = suspects,
            OtherClass = suspects.Count(s => s.Suggested != s.Class),
            Planted = planted,
            Seed = problem.Options.Seed,
            Threads = run.Get(SharedOptions.Threads),
            Backend = context.Explainer.Backend.Info.Name,
            InstructionSet = context.Explainer.Backend.Info.InstructionSet,
            Seconds = clock.Elapsed.TotalSeconds,
        };
        string table = SuspectTables.All(context.Set, problem, images, scores, order, manifest, check);
        Add(TableName, s => s.Write(Encoding.UTF8.GetBytes(table)));
        Add(PageName, new SuspectPage(manifest).Write);
        manifest = manifest with { Files = files, Sha256 = folder.SumsOf(files) };
        folder.Settle(manifest);
        return (path, manifest);

        void Add(string file, Action<Stream> write)
        {
            run.Cancel.ThrowIfCancellationRequested();
            folder.Add(file, write);
            files.Add(file);
        }
    }

    private SuspectLine Line(
        InfluenceProblem problem, int[] images, IReadOnlyDictionary<string, double[]> scores, PlantedCheck? check, int i, int rank)
    {
        int label = problem.Train.Labels[i];
        HeadAnswer answer = NewtonRemoval.Of(problem, [i], cancel: run.Cancel).Answer(new TestPoint(problem.Train.Row(i).ToArray(), label));
        TrainingSet set = context.Set;
        return new SuspectLine(
            rank + 1, set.Images[images[i]].Path, set.Names[label], set.Labels[label], scores.ToDictionary(s => s.Key, s => s.Value[i]),
            set.Names[answer.Prediction], set.Labels[answer.Prediction], answer.Probabilities[answer.Prediction], answer.Probability,
            check?.Wrong[i], $"suspect-{rank + 1}.png");
    }

    private static Option<string> MakeBy()
    {
        Option<string> by = TypedOption.Choice(
            "--by", "How to rank: self-influence, loss, held-out-loss, margin, knn, random", "self-ekfac", [.. SuspectScores.All.Names]);
        by.HelpName = "NAME";
        return by;
    }
}
