using Interp.Engine.Common;
using Interp.Engine.Influence;
using Interp.Engine.Influence.Suspects;
using Interp.Engine.Training;
using Interp.Tests.Engine.Training;

namespace Interp.Tests.Engine.Influence;

[TestClass]
public sealed class InfluenceEvidenceTests
{
    [TestMethod]
    public void DatamodelScore_OfInfluenceIsHigh_OfRandomIsChance()
    {
        InfluenceProblem problem = InfluenceCase.Problem(images: 80, features: 8, classes: 4, l2: 0.05);
        TestPoint[] tests = InfluenceCase.Tests(problem, 8);
        var truth = SubsetTruth.Of(problem, tests, new DatamodelOptions { Subsets = 60, Resamples = 200 });
        Assert.HasCount(40, truth.Kept[7].Distinct());

        LinearDatamodelScore influence = Score("influence"), random = Score("random"), exact = Score("ekfac");
        Assert.IsGreaterThan(0.8, influence.Mean);
        Assert.IsTrue(influence.Low < influence.Mean && influence.Mean < influence.High, "the interval holds the mean");
        Assert.IsTrue(random.Low < 0 && random.High > 0, $"random: {random.Low} to {random.High}");
        Assert.IsGreaterThan(random.High, exact.Low);
        Assert.HasCount(8, random.OfTests);

        var constant = new InfluenceScores([.. tests.Select(_ => new double[problem.Count])]);
        Assert.AreEqual(0, LinearDatamodelScore.Of(truth, constant).Mean, "sums that are all alike say nothing");

        LinearDatamodelScore Score(string name) =>
            LinearDatamodelScore.Of(truth, InfluenceMethods.All.Find(name).Scores(problem, tests));
    }

    [TestMethod]
    public void MoreSubsets_LeaveTheFirstOnes()
    {
        InfluenceProblem problem = InfluenceCase.Problem(images: 20);
        TestPoint[] tests = InfluenceCase.Tests(problem, 2);
        var few = SubsetTruth.Of(problem, tests, new DatamodelOptions { Subsets = 3 });
        var more = SubsetTruth.Of(problem, tests, new DatamodelOptions { Subsets = 5 });
        CollectionAssert.AreEqual(few.Margins[1], more.Margins[1][..3]);
        Assert.ThrowsExactly<InputException>(() => SubsetTruth.Of(problem, tests, new DatamodelOptions { Share = 1 }));
        Assert.ThrowsExactly<InputException>(() => SubsetTruth.Of(problem, tests, new DatamodelOptions { Subsets = 2 }));
    }

    [TestMethod]
    public void PlantedLabels_AreFound_AndByChanceAreNot()
    {
        LabelledFeatures clean = SoftmaxRegressionTests.Data(200, 8, 4);
        var planted = PlantedLabels.Of(clean, 0.1, seed: 2);
        Assert.AreEqual(20, planted.Wrong.Count(w => w));
        CollectionAssert.AreEqual(
            planted.Wrong, Enumerable.Range(0, 200).Select(i => planted.Data.Labels[i] != clean.Labels[i]).ToArray());

        InfluenceProblem problem = InfluenceCase.Of(planted.Data, 0.05);
        foreach (SuspectScore score in SuspectScores.All)
        {
            var ranking = MislabelRanking.Of(score.Of(problem), planted.Wrong);
            Assert.IsTrue(score.Name == "random" ? ranking is { Low: < 0.5, High: > 0.5 } : ranking.Low > 0.6, $"{score.Name}: {ranking}");
        }

        Assert.ThrowsExactly<InputException>(() => PlantedLabels.Of(clean, 0.001, 0));
    }

    [TestMethod]
    public void HeldOutLoss_IsThatOfAHeadWithoutTheImage()
    {
        InfluenceProblem problem = InfluenceCase.Problem(images: 12);
        double[] held = SuspectScores.All.Find("held-out-loss").Of(problem);
        double own = Enumerable.Range(0, 12).Sum(problem.Optimum.LossOf);
        Assert.IsGreaterThan(own, held.Sum(), "training on images lowers the sum of their losses");
        Assert.ThrowsExactly<OperationCanceledException>(
            () => SuspectScores.All.Find("held-out-loss").Of(problem, null, new CancellationToken(true)));
        Assert.ThrowsExactly<OperationCanceledException>(
            () => SuspectScores.All.Find("knn").Of(problem, null, new CancellationToken(true)));
    }

    [TestMethod]
    public void MislabelRanking_OfAPerfectOrder_IsOne_AndRecallGrows()
    {
        bool[] wrong = [.. Enumerable.Range(0, 20).Select(i => i < 4)];
        var perfect = MislabelRanking.Of([.. Enumerable.Range(0, 20).Select(i => -(double)i)], wrong);
        Assert.AreEqual(1, perfect.Auroc);
        CollectionAssert.AreEqual(new[] { 0.5, 1, 1 }, perfect.Recalls.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 0, 2 }, MislabelRanking.Order([1, 5, 1]), "of equal ones the first");
    }

    [TestMethod]
    public void Removal_OfTheMostHelpful_LowersTheProbability_AndItsSmallestFlips()
    {
        InfluenceProblem problem = InfluenceCase.Problem(images: 60, l2: 0.05);
        TestPoint test = InfluenceCase.Tests(problem, 4).First(t => problem.Answer(t).Prediction == t.Label);
        double[] scores = InfluenceMethods.Influence.Scores(problem, [test]).Values[0];
        int[] order = [.. Enumerable.Range(0, 60).OrderByDescending(i => scores[i])];
        var told = new List<InfluenceProgress>();

        var removal = RemovalTest.Of(problem, test, scores, new RemovalOptions { Repeats = 3, Counts = [1, 4, 16, 40, 60, 99] }, told.Add);

        CollectionAssert.AreEqual(new[] { 1, 4, 16, 40 }, removal.Steps.Select(s => s.Count).ToArray(), "those that leave an image");
        Assert.AreEqual(problem.Answer(test).Probability, removal.Probability);
        Assert.IsLessThan(removal.Probability, removal.Steps[0].Probability);
        Assert.IsTrue(removal.Steps[..2].All(s => s.Random.Length == 3 && s.Probability < s.Random.Average()), "random removals do less");
        int smallest = removal.Smallest ?? throw new AssertFailedException("nothing flips");
        Assert.AreNotEqual(test.Label, Without(smallest));
        Assert.AreEqual(test.Label, Without(smallest - 1));
        Assert.AreEqual(16, told[^1].Of);

        int Without(int count) => Retraining.Of(problem, order[..count], 1e-7).Answer(test).Prediction;
    }

    [TestMethod]
    public void Removal_OfAnAnswerThatIsNotGiven_FlipsNothing()
    {
        InfluenceProblem problem = InfluenceCase.Problem();
        TestPoint point = InfluenceCase.Tests(problem)[0];
        var other = new TestPoint(point.Features, (problem.Answer(point).Prediction + 1) % 4);
        var removal = RemovalTest.Of(problem, other, new double[60], new RemovalOptions { Repeats = 1, Counts = [1] });
        Assert.IsNull(removal.Smallest);
        Assert.IsTrue(removal.Steps[0].Flipped, "it says another class without the image too");
    }

    [TestMethod]
    public void Agreement_WithItself_IsWhole_AndWithAnother_HasTheClosedForm()
    {
        InfluenceProblem problem = InfluenceCase.Problem();
        TestPoint[] tests = InfluenceCase.Tests(problem, 8);
        float[][] features = [.. tests.Select(t => t.Features)];
        double[][] own = [.. tests.Select(t => problem.Answer(t).Probabilities.ToArray().Select(p => 3 * p).ToArray())];
        var same = SurrogateAgreement.Of(problem, features, own);
        Assert.AreEqual(8, same.Top1.Count);
        Assert.AreEqual(0, same.Divergence, 1e-12);

        double[] sure = [0, 1, 0, 0];
        var constant = SurrogateAgreement.Of(problem, features, [.. tests.Select(_ => sure)]);
        double loss = tests.Average(t => problem.Answer(t with { Label = 1 }).Loss);
        Assert.AreEqual(loss, constant.Divergence, 1e-12, "the divergence from a certain class is its loss");
        Assert.AreEqual((double)constant.Top1.Count / 8, constant.ChanceTop1, 1e-15, "a network that always says 1 agrees by chance");
        Assert.ThrowsExactly<ArgumentException>(() => SurrogateAgreement.Of(problem, features, own[..2]));
    }
}
