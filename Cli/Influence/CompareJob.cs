using System.Diagnostics;
using System.Text;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Influence;
using Interp.Engine.Influence.Suspects;
using Interp.Engine.Training;

namespace Interp.Cli.Influence;

/// <summary>All methods in one table: how their sums foretell heads that are trained on random halves of the images.</summary>
/// <param name="run">The command's run.</param>
/// <param name="context">Network, training images and head.</param>
/// <param name="asked">The test images; none for held-out training images.</param>
internal sealed class CompareJob(Invocation run, HeadContext context, IReadOnlyList<AskedImage> asked)
{
    internal const string TableName = "compare.csv", ChartName = "lds";
    private const int HeldOutTests = 20, Top = 10;
    private const double Planted = 0.1;
    private const ulong TestStream = 101UL << 32;

    /// <summary>Compares them, unless that was done before.</summary>
    internal (string Folder, CompareManifest Manifest) Work()
    {
        string path = Path.Combine(run.Get(InfluenceFlags.Out), "compare");
        var folder = new ResultFolder<CompareManifest>(path, InfluenceJson.Strict.CompareManifest);
        int subsets = run.Get(InfluenceFlags.SubsetsOption);
        string settings = SettingsHash.Of(
            ["compare", context.Head.Settings, context.Set.Folder, $"{subsets}", .. asked.Select(a => $"{a.Path} {a.Part} {a.Hash}")]);
        if (folder.Existing(settings) is { } existing)
        {
            run.Note($"{Readable.Path(path)}: all of it was there from the same settings");
            return (path, existing);
        }

        OutputFile.CreateFolder(path, InfluenceFlags.Out.Name);
        var clock = Stopwatch.StartNew();
        (InfluenceProblem problem, TestPoint[] tests) = Tests();
        SubsetTruth truth = run.Progress("training on halves,").Run(report => SubsetTruth.Of(
            problem, tests, new DatamodelOptions { Subsets = subsets }, p => report("", p.Done, p.Of), run.Cancel));
        PlantedLine? planted = Mislabelled();
        MethodLine[] lines = [.. InfluenceMethods.All.Select(m => Of(m, problem, tests, truth, planted))];
        folder.Begin(settings);
        var manifest = new CompareManifest
        {
            Settings = settings,
            Model = context.Network.Name,
            ModelHash = context.Network.Hash,
            Head = context.Line,
            Tests = asked.Count > 0 ? [.. asked.Select(a => a.Path)] : [],
            TestImages = tests.Length,
            TrainingImages = problem.Count,
            Subsets = subsets,
            Top = Math.Min(Top, problem.Count),
            SameClassChance = tests.Average(t => (double)Count(problem, t.Label) / problem.Count),
            OverlapChance = (double)Math.Min(Top, problem.Count) / problem.Count,
            Planted = planted?.Share,
            Methods = lines,
            Seed = problem.Options.Seed,
            Threads = run.Get(SharedOptions.Threads),
            Backend = context.Explainer.Backend.Info.Name,
            InstructionSet = context.Explainer.Backend.Info.InstructionSet,
            Seconds = clock.Elapsed.TotalSeconds,
        };
        Chart chart = CompareTables.Chart(manifest);
        folder.Add(TableName, s => s.Write(Encoding.UTF8.GetBytes(CompareTables.Csv(manifest))));
        folder.Add($"{ChartName}.svg", s => s.Write(Encoding.UTF8.GetBytes(chart.Svg())));
        folder.Add($"{ChartName}.png", s => ImageFile.WritePng(s, chart.Png()));
        string[] files = [TableName, $"{ChartName}.svg", $"{ChartName}.png"];
        manifest = manifest with { Files = files, Sha256 = folder.SumsOf(files) };
        folder.Settle(manifest);
        return (path, manifest);
    }

    private static int Count(InfluenceProblem problem, int label) => problem.Train.Labels.ToArray().Count(l => l == label);

    /// <summary>The images asked about, or else held-out training images and a head without all that are held out.</summary>
    private (InfluenceProblem Problem, TestPoint[] Tests) Tests()
    {
        InfluenceOptions options = context.Problem.Options;
        if (asked.Count > 0)
        {
            return (context.Problem, [.. asked.Select(a => Question.Of(a, context.Set, context.Problem, context.Network, null).Test)]);
        }

        if (options.Validation == 0)
        {
            throw new InputException("--compare: with --validation 0 there is no held-out image to test on; name images to ask about");
        }

        LabelledFeatures data = context.Set.Data;
        (int[] rest, int[] held) = context.Set.Split(options);
        var rng = new Rng(options.Seed, TestStream);
        int[] tests = [.. held.OrderBy(i => rng.Uniform((ulong)i)).Take(HeldOutTests).Order()];
        var problem = InfluenceProblem.Of(
            data.Select(rest), options with { L2 = context.Problem.L2, Validation = 0 }, null, run.Cancel);
        return (problem, [.. tests.Select(i => new TestPoint(data.Row(i).ToArray(), data.Labels[i]))]);
    }

    /// <summary>How the rankings that are of a method find wrong labels; null where there are too few images.</summary>
    private PlantedLine? Mislabelled()
    {
        SuspectScore[] ways = [.. SuspectScores.All.Where(s => InfluenceMethods.All.Any(m => s.Name == SuspectOf(m)))];
        return Planted * context.Set.Data.Count * (1 - context.Problem.Options.Validation) < 3 ? null
            : new PlantedCheck(run, context.Set, context.Problem.Options).Run(Planted, ways, withRepair: false);
    }

    private MethodLine Of(
        InfluenceMethod method, InfluenceProblem problem, TestPoint[] tests, SubsetTruth truth, PlantedLine? planted)
    {
        var clock = Stopwatch.StartNew();
        InfluenceScores scores = run.Progress($"{method.Name},").Run(report => method.Scores(
            problem, tests, p => report(p.Stage, p.Done, p.Of), run.Cancel));
        double seconds = clock.Elapsed.TotalSeconds;
        var lds = LinearDatamodelScore.Of(truth, scores, run.Cancel);
        int[][] best = [.. scores.Values.Select(v => QuestionJob.Order(v).Take(Top).ToArray())];
        double same = Enumerable.Range(0, tests.Length).Average(
            t => (double)best[t].Count(i => problem.Train.Labels[i] == tests[t].Label) / best[t].Length);
        RankingLine? found = planted?.Rankings.FirstOrDefault(r => r.Name == SuspectOf(method));
        return new MethodLine(
            method.Name, method.Description, method.Source, lds.Mean, lds.Low, lds.High, same, Overlap(best), found?.Auroc, found?.Low,
            found?.High, scores.Residual, seconds);
    }

    /// <summary>Of the most helpful of two test images the share that are the same, over all pairs.</summary>
    private static double Overlap(int[][] best)
    {
        double[] shares = [.. from a in Enumerable.Range(0, best.Length)
                              from b in Enumerable.Range(0, a)
                              select (double)best[a].Intersect(best[b]).Count() / best[a].Length];
        return shares.Length == 0 ? double.NaN : shares.Average();
    }

    /// <summary>The ranking of suspects that goes with a method.</summary>
    private static string SuspectOf(InfluenceMethod method) =>
        SuspectScores.All.FirstOrDefault(s => s.Name == $"self-{method.Name}")?.Name ?? method.Name;
}

/// <summary>All methods beside one another: <c>manifest.json</c>.</summary>
internal sealed record CompareManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required HeadLine Head { get; init; }

    /// <summary>The test images' files; none where held-out training images were taken.</summary>
    public required IReadOnlyList<string> Tests { get; init; }

    public required int TestImages { get; init; }

    public required int TrainingImages { get; init; }

    /// <summary>Random halves that were trained on.</summary>
    public required int Subsets { get; init; }

    /// <summary>How many count as the most helpful.</summary>
    public required int Top { get; init; }

    public required double SameClassChance { get; init; }

    public required double OverlapChance { get; init; }

    /// <summary>The share of labels that was made wrong, or null.</summary>
    public required double? Planted { get; init; }

    public required IReadOnlyList<MethodLine> Methods { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    public required double Seconds { get; init; }

    public IReadOnlyList<string> Files { get; init; } = [];

    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <summary>A method.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Lds">The linear datamodel score; chance gives 0.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="SameClass">The share of the most helpful that are of the test image's class.</param>
/// <param name="Overlap">The share that two test images have in common.</param>
/// <param name="Auroc">How its ranking of suspects finds planted wrong labels; null where it has none. Chance gives 0.5.</param>
/// <param name="AurocLow">The lower end of its 95 % interval.</param>
/// <param name="AurocHigh">The upper end.</param>
/// <param name="Residual">What iteration left of its linear systems.</param>
/// <param name="Seconds">For all test images.</param>
internal sealed record MethodLine(
    string Method, string Description, string Source, double Lds, double Low, double High, double SameClass, double Overlap, double? Auroc,
    double? AurocLow, double? AurocHigh, double Residual, double Seconds);
