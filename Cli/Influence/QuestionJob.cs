using System.Diagnostics;
using Interp.Engine.Influence;

namespace Interp.Cli.Influence;

/// <summary>What is computed of every image.</summary>
/// <param name="Count">Images shown at either end.</param>
/// <param name="Checks">How many of them are checked, and as many random ones; 0 for none.</param>
/// <param name="Rivals">Other estimates.</param>
/// <param name="RemoveTop">Whether the most helpful are removed together.</param>
internal sealed record QuestionPlan(int Count, int Checks, IReadOnlyList<InfluenceMethod> Rivals, bool RemoveTop)
{
    /// <summary>What a result depends on.</summary>
    internal IEnumerable<string> Settings => [$"{Count} {Checks} {RemoveTop}", .. Rivals.Select(m => m.Name)];
}

/// <summary>Answers one question: ranks the training images, and checks what is shown.</summary>
/// <param name="run">The command's run.</param>
/// <param name="context">Network, training images and head.</param>
/// <param name="plan">What is computed.</param>
/// <param name="removals">What single removals do.</param>
internal sealed class QuestionJob(Invocation run, HeadContext context, QuestionPlan plan, Removals removals)
{
    private readonly TrainingSet _set = context.Set;

    private InfluenceProblem Problem => context.Problem;

    /// <summary>The order of all training images, and the facts still without files.</summary>
    /// <param name="question">The question.</param>
    /// <param name="place">Its place among those asked.</param>
    /// <param name="settings">A digest of what the answer depends on.</param>
    /// <param name="folder">Its folder below the output.</param>
    /// <param name="report">Told how far it is.</param>
    /// <returns>The manifest, and of each training image its estimate, in the order of the ranking.</returns>
    internal (QuestionManifest Manifest, IReadOnlyList<InfluenceLine> Ranking) Answer(
        Question question, int place, string settings, string folder, Action<string, long, long> report)
    {
        var clock = Stopwatch.StartNew();
        report("estimates", 0, 1);
        InfluenceScores scores = InfluenceMethods.Influence.Scores(Problem, [question.Test], null, run.Cancel);
        double[] values = scores.Values[0];
        int[] order = Order(values);
        int[] helpful = [.. order.Take(plan.Count).Where(i => values[i] > 0)];
        int[] harmful = [.. order.Reverse().Take(plan.Count).Where(i => values[i] < 0)];
        int[] shown = [.. helpful, .. harmful];
        int[] random = [.. removals.InRandomOrder().Except(shown).Take(plan.Checks)];
        HashSet<int> retrained = [.. shown.OrderByDescending(i => Math.Abs(values[i])).Take(plan.Checks), .. random];
        var newton = new Dictionary<int, double>();
        var truth = new Dictionary<int, double>();
        int[] stepped = [.. shown, .. random];
        for (int k = 0; k < stepped.Length; k++)
        {
            int i = stepped[k];
            report(retrained.Contains(i) ? "training without single images" : "estimating without single images", k, stepped.Length);
            newton[i] = removals.Newton(i, place);
            if (retrained.Contains(i))
            {
                truth[i] = removals.Truth(i, place);
            }
        }

        var lines = order.Select((i, rank) => new InfluenceLine(
            rank + 1, _set.Images[i].Path, _set.Names[_set.Classes[i]], _set.Labels[_set.Classes[i]], values[i],
            newton.GetValueOrDefault(i, double.NaN), truth.TryGetValue(i, out double t) ? t : null)).ToArray();
        int[] places = new int[order.Length];
        for (int rank = 0; rank < order.Length; rank++)
        {
            places[order[rank]] = rank;
        }

        HeadAnswer answer = Problem.Answer(question.Test);
        int target = question.Test.Label;
        var manifest = new QuestionManifest
        {
            Settings = settings,
            Model = context.Network.Name,
            ModelHash = context.Network.Hash,
            Layer = context.Layer.Name,
            Train = _set.Folder,
            TrainingImages = _set.Images.Count,
            Image = question.Asked.Path,
            Part = question.Asked.Part,
            ImageHash = question.Asked.Hash,
            Folder = folder,
            Class = target,
            Label = _set.Labels[target],
            ChosenBy = question.ChosenBy,
            Network = question.Network,
            Head = question.Head,
            Probability = answer.Probability,
            Loss = answer.Loss,
            SameImages = [.. Enumerable.Range(0, _set.Images.Count).Where(i => _set.Images[i].Hash == question.Asked.Hash)
                .Select(i => _set.Images[i].Path)],
            Helpful = [.. helpful.Select(i => lines[places[i]])],
            Harmful = [.. harmful.Select(i => lines[places[i]])],
            Random = [.. random.Select(i => lines[places[i]])],
            Residual = scores.Residual,
            Checks = [.. Checks(("helpful", helpful), ("harmful", harmful), ("random", random), ("all", stepped))],
            Methods = Rivals(question, truth, random, helpful, report),
            Removal = plan.RemoveTop ? Removal(question, values, report) : null,
            SameClass = ShareOf(target, helpful),
            SameClassChance = ShareOf(target, order),
            Warnings = question.Warnings,
            Seed = Problem.Options.Seed,
            Threads = run.Get(SharedOptions.Threads),
            Backend = context.Explainer.Backend.Info.Name,
            InstructionSet = context.Explainer.Backend.Info.InstructionSet,
            Seconds = clock.Elapsed.TotalSeconds,
        };
        return (manifest, lines);

        IEnumerable<CheckLine> Checks(params (string Name, int[] Images)[] groups)
        {
            foreach ((string name, int[] images) in groups)
            {
                int[] known = [.. images.Where(truth.ContainsKey)];
                if (known.Length > 0)
                {
                    double[] rises = [.. known.Select(i => truth[i])];
                    yield return new CheckLine(name, known.Length, Removals.Fit([.. known.Select(i => newton[i])], rises),
                        Removals.Fit([.. known.Select(i => values[i])], rises));
                }
            }
        }
    }

    /// <summary>The images, the most helpful first; of equal ones the first.</summary>
    internal static int[] Order(double[] values) => [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i])];

    private List<RivalLine> Rivals(
        Question question, Dictionary<int, double> truth, int[] random, int[] helpful, Action<string, long, long> report)
    {
        int[] known = [.. truth.Keys.Order()];
        var lines = new List<RivalLine>();
        foreach (InfluenceMethod method in plan.Rivals)
        {
            report(method.Name, lines.Count, plan.Rivals.Count);
            double[] values = method.Scores(
                Problem, [question.Test], p => report($"{method.Name}, {p.Stage}", p.Done, p.Of), run.Cancel).Values[0];
            int[] best = [.. Order(values).Take(plan.Count)];
            lines.Add(new RivalLine(
                method.Name, method.Source, Spearman(values, known), Spearman(values, [.. random.Where(truth.ContainsKey)]),
                ShareOf(question.Test.Label, best), best.Intersect(helpful).Count(), [.. best.Select(i => _set.Images[i].Path)]));
        }

        return lines;

        double Spearman(double[] values, int[] images) =>
            Removals.Fit([.. images.Select(i => values[i])], [.. images.Select(i => truth[i])]).Spearman;
    }

    private RemovalLine Removal(Question question, double[] values, Action<string, long, long> report)
    {
        var test = RemovalTest.Of(
            Problem, question.Test, values, new RemovalOptions(), p => report("removing the most helpful", p.Done, p.Of), run.Cancel);
        return new RemovalLine(test.Probability, test.Smallest,
            [.. test.Steps.Select(s => new RemovalStepLine(s.Count, s.Probability, s.Flipped, s.Random, s.RandomFlips))]);
    }

    private double ShareOf(int target, int[] images) =>
        images.Length == 0 ? double.NaN : (double)images.Count(i => _set.Classes[i] == target) / images.Length;
}
