using Interp.Engine.Common;
using Interp.Engine.Statistics;
using Interp.Engine.Training;

namespace Interp.Tests.Engine.Training;

[TestClass]
public sealed class HeadTrainerTests
{
    [TestMethod]
    public void HoldOut_TakesItsShareOfEachClass_AndKeepsViewsTogether()
    {
        int[] labels = [.. Enumerable.Repeat(0, 10), .. Enumerable.Repeat(1, 5), 2];
        bool[] held = HeadTrainer.HoldOut(labels, null, 0.3, seed: 4);
        Assert.AreEqual(3, held.Take(10).Count(h => h));
        Assert.AreEqual(2, held.Skip(10).Take(5).Count(h => h), "1.5 rounds to even");
        Assert.IsFalse(held[15], "a class of one image keeps it");
        CollectionAssert.AreEqual(held, HeadTrainer.HoldOut(labels, null, 0.3, seed: 4));
        CollectionAssert.AreNotEqual(held, HeadTrainer.HoldOut(labels, null, 0.3, seed: 5));

        int[] twice = [.. labels.SelectMany(l => (int[])[l, l])], images = [.. Enumerable.Range(0, 32).Select(i => i / 2)];
        bool[] views = HeadTrainer.HoldOut(twice, images, 0.3, seed: 4);
        CollectionAssert.AreEqual(held.SelectMany(h => (bool[])[h, h]).ToArray(), views);
    }

    [TestMethod]
    public void Train_ChoosesTheLeastLoss_AndTrainsOnAllImages()
    {
        LabelledFeatures data = SoftmaxRegressionTests.Data(120, 10, 6);
        TrainedHead trained = HeadTrainer.Train(data, new HeadOptions { Validation = 0.25, Seed = 1 });

        Assert.AreEqual(trained.Trials.Min(t => t.HeldOut.Loss), trained.HeldOut!.Loss);
        Assert.AreEqual(30, trained.HeldOut.Top1.Of);
        Assert.IsGreaterThan(2, trained.Trials.Length);
        CollectionAssert.AreEqual(HeadTrainer.Candidates.Take(trained.Trials.Length).ToArray(), trained.Trials.Select(t => t.L2).ToArray());
        FeatureScale scale = FeatureScale.Of(data);
        var alone = SoftmaxFit.Minimise(new SoftmaxRegression(data, scale, trained.L2), 1e-9);
        CollectionAssert.AreEqual(alone.Point.Weights.ToArray(), trained.Fit.Point.Weights.ToArray());
        Assert.IsLessThanOrEqualTo(1e-9, trained.Fit.GradientNorm);
    }

    [TestMethod]
    public void Train_WithAGivenPenalty_TriesOnlyThat()
    {
        LabelledFeatures data = SoftmaxRegressionTests.Data(60, 10, 6);
        TrainedHead trained = HeadTrainer.Train(data, new HeadOptions { L2 = 0.3 });
        Assert.AreEqual(0.3, trained.Trials.Single().L2);
        Assert.IsNotNull(trained.HeldOut);
        Assert.IsNull(HeadTrainer.Train(data, new HeadOptions { L2 = 0.3, Validation = 0 }).HeldOut);
    }

    [TestMethod]
    public void Head_InTheFeaturesUnits_GivesTheSameLogits()
    {
        LabelledFeatures data = SoftmaxRegressionTests.Data(60, 5, 3);
        TrainedHead trained = HeadTrainer.Train(data, new HeadOptions { L2 = 0.1, Validation = 0 });
        var standard = new double[6];
        trained.Scale.Apply(data.Row(7), standard);
        double[] z = trained.Head.Logits(data.Row(7));
        for (int c = 0; c < 3; c++)
        {
            double expected = standard.Select((h, k) => h * trained.Fit.Point.Weights[(k * 3) + c]).Sum();
            Assert.AreEqual(expected, z[c], 1e-12);
        }
    }

    [TestMethod]
    public void Scale_OfAFeatureThatNeverChanges_IsOne()
    {
        var scale = FeatureScale.Of(new LabelledFeatures(2, 2, [0.1f, 1, 0.1f, 3, 0.1f, 5], [0, 1, 0]));
        Assert.AreEqual(1, scale.Deviation[0]);
        Assert.AreEqual(Math.Sqrt(8 / 3.0), scale.Deviation[1], 1e-15);
        var into = new double[3];
        scale.Apply([0.1f, 3], into);
        CollectionAssert.AreEqual(new double[] { 0, 0, 1 }, into);
    }

    [TestMethod]
    public void OptionsThatDoNotGoTogether_AreRefused()
    {
        LabelledFeatures data = SoftmaxRegressionTests.Data(6, 2, 3), single = SoftmaxRegressionTests.Data(3, 2, 3);
        Assert.Contains("'l2'", Refusal(data, new HeadOptions { Validation = 0 }));
        Assert.Contains("0 to 0.5", Refusal(data, new HeadOptions { Validation = 0.6 }));
        Assert.Contains("above 0", Refusal(data, new HeadOptions { L2 = -1 }));
        Assert.Contains("none can be held out", Refusal(single, new HeadOptions()));

        static string Refusal(LabelledFeatures data, HeadOptions options) =>
            Assert.ThrowsExactly<InputException>(() => HeadTrainer.Train(data, options)).Message;
    }

    [TestMethod]
    [DataRow(8, 10, 0.49016, 0.94331)]
    [DataRow(0, 10, 0, 0.27753)]
    [DataRow(10, 10, 0.72247, 1)]
    public void Proportion_HasWilsonsInterval(int count, int of, double low, double high)
    {
        var p = new Proportion(count, of); // statsmodels' proportion_confint(count, of, method="wilson")
        Assert.AreEqual(low, p.Low, 1e-5);
        Assert.AreEqual(high, p.High, 1e-5);
    }

    [TestMethod]
    public void Accuracy_CountsTiesAsTheSmallerClass_AndChanceAsTheCommonest()
    {
        var data = new LabelledFeatures(1, 3, [1, 1, 1, 1], [0, 1, 1, 2]);
        var head = SoftmaxHead.Of([1, 1, 0, 0, 0, 0], FeatureScale.None(1));
        var accuracy = HeadAccuracy.Of(head, data);
        Assert.AreEqual(1, accuracy.Top1.Count);
        Assert.AreEqual(4, accuracy.Top5.Count);
        Assert.AreEqual(0.5, accuracy.Chance1);
        Assert.AreEqual(1, accuracy.Chance5);
        double e = Math.E;
        Assert.AreEqual(((3 * -Math.Log(e / ((2 * e) + 1))) - Math.Log(1 / ((2 * e) + 1))) / 4, accuracy.Loss, 1e-14);
    }
}
