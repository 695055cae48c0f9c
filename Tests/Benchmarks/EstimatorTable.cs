using Interp.Engine.Arithmetic;
using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Perturbation;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Statistics;
using Interp.Weights;

namespace Interp.Benchmarks;

/// <summary>
/// How far the maps of sampled methods are from those of a long run, by passes and estimator, on photos with the bundled network. A photo's
/// long run is drawn once and cut into groups of as many passes as are asked about; a group's error is taken against the rest of the run,
/// less what the rest itself is uncertain by, which its two halves show.
/// </summary>
internal static class EstimatorTable
{
    private const int MostGroups = 8, Cells = 7, GridCells = 8;
    private static readonly int[] s_passes = [125, 250, 500, 1000];

    /// <summary>Prints the table.</summary>
    /// <param name="photos">How many photos.</param>
    /// <param name="passes">Passes of a method's long run of each.</param>
    public static void Print(int photos, int passes)
    {
        string root = Root();
        Network network = ModelStore.Load(Path.Combine(root, "Cli", "models", "vgg16-200"));
        using var backend = new CpuBackend();
        using var explainer = new Explainer(network, backend);
        string[] files = [.. new[] { "chelsea.png", "coffee.png", "astronaut.png", "rocket.jpg" }.Take(photos)];
        var errors = new Dictionary<(string Method, string Estimator), List<double>[]>();
        foreach (string file in files)
        {
            NetworkInput input = NetworkInput.Read(Path.Combine(root, "Cli", "photos", file), network)[0];
            var target = new ClassTarget(explainer.Predict(input)[0].Class);
            foreach (Run run in Runs(explainer, input, target, passes))
            {
                foreach ((string estimator, Func<int[], double[]> map, Func<int, int> drawOf) in run.Estimators)
                {
                    List<double>[] found = errors.TryGetValue((run.Method, estimator), out List<double>[]? known) ? known
                        : errors[(run.Method, estimator)] = [.. s_passes.Select(_ => new List<double>())];
                    for (int k = 0; k < s_passes.Length; k++)
                    {
                        found[k].AddRange(Errors(run, map, drawOf, s_passes[k] / run.Cost));
                    }
                }
            }
        }

        var table = new MarkdownTable(["method", "estimator", .. s_passes.Select(p => $"{p} passes")]);
        foreach (((string method, string estimator), List<double>[] found) in errors)
        {
            table.Add([method, estimator, .. found.Select(Cell)]);
        }

        Console.WriteLine($"### Error of sampled maps, vgg16-200, {files.Length} photos, long runs of {passes} passes\n");
        Console.WriteLine(
            "Root mean square of (map − long run), both less their means, over the standard deviation of the long run's map;");
        Console.WriteLine("median over groups and photos, and the quartiles. –: fewer than two groups of so many passes.\n");
        table.Print();
    }

    /// <summary>The errors of disjoint groups of draws.</summary>
    private static IEnumerable<double> Errors(Run run, Func<int[], double[]> map, Func<int, int> drawOf, int draws)
    {
        int available = Enumerable.Range(0, run.Draws).TakeWhile(i => drawOf(i) < run.Draws).Count();
        int groups = draws < 2 ? 0 : Math.Min(MostGroups, available / draws);
        for (int g = 0; g < groups; g++)
        {
            int[] some = [.. Enumerable.Range(g * draws, draws).Select(drawOf)];
            int[] rest = [.. Enumerable.Range(0, run.Draws / 2).Except(some.Select(d => d / 2))];
            if (rest.Length < run.Draws / 4)
            {
                yield break;
            }

            double[] a = Half(0), b = Half(1), reference = [.. a.Zip(b, (u, v) => (u + v) / 2)];
            double spread = Square(reference), doubt = Square([.. a.Zip(b, (u, v) => u - v)]) / 4;
            double error = Square([.. map(some).Zip(reference, (u, v) => u - v)]) - doubt;
            yield return Math.Sqrt(Math.Max(0, error) / Math.Max(spread - doubt, 1e-30));

            double[] Half(int half) => run.Best([.. rest.Where((_, i) => i % 2 == half).SelectMany(p => (int[])[2 * p, (2 * p) + 1])]);
        }

        static double Square(double[] values)
        {
            double mean = values.Average();
            return values.Average(v => (v - mean) * (v - mean));
        }
    }

    private static string Cell(List<double> errors)
    {
        double[] sorted = [.. errors.Order()];
        string At(double q) => $"{Quantiles.OfSorted(sorted, q):0.00}";
        return sorted.Length < 2 ? "–" : $"{At(0.5)} ({At(0.25)}–{At(0.75)})";
    }

    private static IEnumerable<Run> Runs(Explainer explainer, NetworkInput input, ClassTarget target, int passes)
    {
        Func<int, int> each = i => i, independent = i => 2 * i;
        var probability = new AttributionRequest(explainer, input, target with { Probability = true }, Options("rise"));
        int threads = explainer.Backend.Info.Threads;
        const double Keep = 0.5;
        var masks = new RiseMasks(0, Cells, Keep, (input.Image.Height, input.Image.Width), pairs: true);
        double[] scores = probability.Scores(passes, (i, x) => masks.Show(i, input.Tensor, x));
        Func<int[], double[]> Rise(string kind)
        {
            var estimate = new RiseEstimate(kind, masks, Keep, threads);
            return some => estimate.AtPoints(some, [.. some.Select(i => scores[i])]);
        }

        yield return new Run("rise", passes, 1, Rise(RiseEstimate.Regression), [
            (RiseEstimate.Plain, Rise(RiseEstimate.Plain), independent), (RiseEstimate.Control, Rise(RiseEstimate.Control), independent),
            ("control, in pairs", Rise(RiseEstimate.Control), each), (RiseEstimate.Regression, Rise(RiseEstimate.Regression), each)]);

        AttributionRequest logit = probability with { Target = target };
        Segmentation segments = Slic.Segment(input.Image, 50, 10);
        var runs = new LabelRuns(segments.Labels);
        int players = segments.Count;
        var fill = new float[input.Tensor.Length];
        double[] Play(bool[][] coalitions) => logit.Scores(coalitions.Length, (i, x) =>
            runs.Blend([.. coalitions[i].Select(stays => stays ? 1f : 0f)], input.Tensor, fill, x));
        double[] ends = Play([[.. Enumerable.Repeat(true, players)], new bool[players]]);
        Game Of(bool[][] coalitions, int together) => new(players, together, coalitions, Play(coalitions), ends[0], ends[1]);

        Game drawn = Of(KernelShap.Coalitions(players, passes, 0), 1);
        double[] Adjusted(int[] some) => AdjustedShapley.Of(drawn.Of(some))!.Values;
        yield return new Run("kernelshap", passes, 1, Adjusted, [
            ("plain", some => KernelShap.Minimum(drawn.Of(some), all: false).Values, each), ("regression", Adjusted, each)]);

        int orders = passes / (players - 1) / 2 * 2;
        Game ordered = Of(ShapleySampling.Orders(players, orders, 0), players - 1);
        double[] Average(int[] some) => ShapleySampling.Average(ordered.Of(some)).Values;
        yield return new Run("shapley-sampling", orders, players - 1, Average, [
            ("independent orders", Average, independent), ("with their reverses", Average, each)]);

        (int height, int width) = (input.Image.Height, input.Image.Width);
        const int Count = GridCells * GridCells;
        var grid = new LabelRuns(
            [.. Enumerable.Range(0, height * width).Select(i =>
                (i / width * GridCells / height * GridCells) + (i % width * GridCells / width))]);
        foreach ((string name, int cost, int draws, GridDesign design) in new[]
        {
            ("hsic", 1, passes, Hsic.DesignOf(Count, 0)), ("sobol", 1 + Count, passes / (1 + Count), Sobol.DesignOf(Count, 0)),
        })
        {
            double[][] found = [.. logit.Scores(draws * cost, (i, x) =>
                grid.Blend(design.Weights(i / cost, i % cost), input.Tensor, fill, x)).Chunk(cost)];
            double[] Values(int[] some) => design.Values(some, found, threads).Values;
            yield return new Run(name, draws, cost, Values, [("–", Values, each)]);
        }
    }

    private static OptionValues Options(string method) => AttributionCatalog.All.Find(method).Configure();

    /// <summary>A long run of a method on a photo.</summary>
    /// <param name="Method">Its name.</param>
    /// <param name="Draws">How many draws it has: 2j and 2j + 1 belong together.</param>
    /// <param name="Cost">Passes of one.</param>
    /// <param name="Best">The values by some draws, whole pairs of them, as sure as can be.</param>
    /// <param name="Estimators">Estimators by name: the values by some draws, and which draws they take, in order.</param>
    private sealed record Run(
        string Method, int Draws, int Cost, Func<int[], double[]> Best,
        (string Name, Func<int[], double[]> Map, Func<int, int> DrawOf)[] Estimators);

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Interp.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InputException("the clone's folder was not found above the program: run scripts/benchmark in a clone");
    }
}
