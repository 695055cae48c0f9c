using Interp.Engine.Influence;
using Interp.Engine.Influence.Suspects;
using Interp.Engine.Training;

namespace Interp.Cli.Influence;

/// <summary>Makes labels wrong in memory, and sees which ranking finds them, and what putting them right is worth.</summary>
/// <param name="run">The command's run.</param>
/// <param name="set">The training images.</param>
/// <param name="options">How heads are trained; the share that is held out here keeps its labels and is measured on.</param>
internal sealed class PlantedCheck(Invocation run, TrainingSet set, InfluenceOptions options)
{
    /// <summary>Accuracies need no more digits.</summary>
    private const double Tolerance = 1e-6;

    /// <summary>The images that labels may be changed of.</summary>
    internal int[] Rest { get; private set; } = [];

    /// <summary>Whether the label of each of those was changed.</summary>
    internal IReadOnlyList<bool> Wrong { get; private set; } = [];

    /// <summary>The scores of each of those by name.</summary>
    internal IReadOnlyDictionary<string, double[]> Scores { get; private set; } = new Dictionary<string, double[]>();

    /// <summary>The head that was trained with the wrong labels.</summary>
    internal InfluenceProblem? Problem { get; private set; }

    /// <summary>Does it.</summary>
    /// <param name="share">The share of the labels to change.</param>
    /// <param name="ways">The rankings.</param>
    /// <param name="withRepair">Whether heads are trained with what was found put right.</param>
    internal PlantedLine Run(double share, IReadOnlyList<SuspectScore> ways, bool withRepair)
    {
        (Rest, int[] held) = set.Split(options);
        LabelledFeatures right = set.Data.Select(Rest);
        LabelledFeatures? test = held.Length > 0 && withRepair ? set.Data.Select(held) : null;
        var planted = PlantedLabels.Of(right, share, options.Seed);
        Wrong = planted.Wrong;
        InfluenceProblem problem = Problem = run.Progress("with wrong labels,").Run(report => InfluenceProblem.Of(
            planted.Data, options with { Tolerance = Tolerance }, p => report(p.Stage, p.Index, p.Stages), run.Cancel));
        Scores = Suspects.ScoresOf(run, problem, ways);
        RankingLine[] rankings = run.Progress("putting labels right,").Run(report => ways.Select((w, i) =>
        {
            report(w.Name, i, ways.Count);
            return Of(w.Name, Scores[w.Name]);
        }).ToArray());
        return new PlantedLine(
            share, planted.Wrong.Count(w => w), Rest.Length, test?.Count ?? 0, Accuracy(planted.Data.Labels.ToArray()),
            Accuracy(right.Labels.ToArray()), MislabelRanking.Inspected, rankings);

        RankingLine Of(string name, double[] scores)
        {
            var ranking = MislabelRanking.Of(scores, planted.Wrong);
            int[] order = MislabelRanking.Order(scores);
            double[] repaired = [.. MislabelRanking.Inspected.Select(s => Accuracy(Repaired(order, s)))];
            return new RankingLine(name, ranking.Auroc, ranking.Low, ranking.High, ranking.Recalls, repaired);
        }

        int[] Repaired(int[] order, double inspected)
        {
            int[] labels = planted.Data.Labels.ToArray();
            foreach (int i in order.Take((int)Math.Ceiling(inspected * labels.Length)))
            {
                labels[i] = right.Labels[i];
            }

            return labels;
        }

        double Accuracy(int[] labels)
        {
            if (test is null)
            {
                return double.NaN;
            }

            var how = new InfluenceOptions { L2 = problem.L2, Validation = 0, Tolerance = Tolerance, Threads = options.Threads };
            return HeadAccuracy.Of(InfluenceProblem.Of(right.With(labels), how, null, run.Cancel).Head, test).Top1.Share;
        }
    }
}
