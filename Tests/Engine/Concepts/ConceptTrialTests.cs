using Interp.Engine.Common;
using Interp.Engine.Concepts;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Concepts;

/// <summary>Directions, scores and chance on features that are made up, so that the answer is known.</summary>
[TestClass]
public sealed class ConceptTrialTests
{
    private const int Features = 24;
    private static readonly ConceptTestOptions s_options = new() { Runs = 4, RandomConcepts = 199, SetSize = 20, Threads = 2 };

    [TestMethod]
    public void LinearScore_IsOneAlongItsWeights_ZeroAgainst_AndHalfAtRandom()
    {
        float[] w = Vector(1, 0), pull = Array.ConvertAll(w, v => 3 * v);
        float[][] pool = Rows(160, 2), towards = Moved(Rows(16, 3), pull, 1), against = Moved(Rows(16, 4), pull, -1);
        ImageProducts products = Products([.. pool, .. towards, .. against], [[.. Enumerable.Repeat(w, 10)]]);
        int[] others = [.. Enumerable.Range(0, 160)];

        Assert.AreEqual(40, Outcome([.. Enumerable.Range(160, 16)]).Count(0), "4 runs of 10 photos");
        Assert.AreEqual(0, Outcome([.. Enumerable.Range(176, 16)]).Count(0));
        int[] signs = [.. Enumerable.Range(0, 200).Select(b =>
        {
            int[] order = ConceptStreams.Sample(7, (ulong)b, 160, 32);
            return ConceptDirection.Fit(products, Features, order[..16], order[16..], (ulong)b, s_options)
                .Sensitivities(products.Slopes[0], products.Count).Count(s => s > 0);
        })];
        Assert.IsTrue(Array.TrueForAll(signs, s => s is 0 or 10), "a linear score knows one direction");
        Assert.AreEqual(100, signs.Count(s => s == 10), 22, "binomial, three standard deviations");

        SetOutcome Outcome(int[] concept) =>
            SetOutcome.Of(products, Features, concept, others, r => ConceptStreams.Of("run", "x", r), s_options);
    }

    [TestMethod]
    public void Direction_HasUnitLength_AndItsSensitivitiesAreProductsWithIt()
    {
        float[][] rows = Rows(40, 5), gradients = Rows(7, 6);
        ImageProducts products = Products(rows, [gradients]);
        ConceptDirection d = ConceptDirection.Fit(products, Features, [.. Enumerable.Range(0, 18)], [.. Enumerable.Range(20, 18)], 9,
            s_options);

        Assert.AreEqual((6, 6), d.Held, "a third of 18");
        Assert.AreEqual(24, d.Images.Length);
        double[] v = new double[Features];
        for (int j = 0; j < d.Images.Length; j++)
        {
            for (int k = 0; k < Features; k++)
            {
                v[k] += d.Weights[j] * rows[d.Images[j]][k];
            }
        }

        Assert.AreEqual(1, Math.Sqrt(v.Sum(x => x * x)), 1e-9, "float64, after the mean's cancelling");
        Assert.AreEqual(1, d.Cosine(d, products), 1e-9);
        double[] s = d.Sensitivities(products.Slopes[0], products.Count);
        for (int i = 0; i < s.Length; i++)
        {
            Assert.AreEqual(gradients[i].Zip(v, (g, x) => g * x).Sum(), s[i], 1e-9);
        }
    }

    [TestMethod]
    public void Directions_DoNotDependOnTheFeaturesUnit()
    {
        float[][] rows = Rows(40, 5), gradients = Rows(3, 6);
        ConceptDirection one = Fit(rows), other = Fit([.. rows.Select(r => Array.ConvertAll(r, v => v * 1024))]);
        CollectionAssert.AreEqual(one.Weights, Array.ConvertAll(other.Weights, w => w * 1024), "a power of two changes no digit");

        ConceptDirection Fit(float[][] x) => ConceptDirection.Fit(
            Products(x, [gradients]), Features, [.. Enumerable.Range(0, 18)], [.. Enumerable.Range(20, 18)], 9, s_options);
    }

    [TestMethod]
    public void RandomConcepts_AreSignificantAsOftenAsTheyShouldBe_AndTheTTestSaysMore()
    {
        ConceptTestResult result = Trial(classes: 8, s_options with { Runs = 8 });
        Assert.AreEqual(320, result.FalsePositives!.Of);
        Assert.IsInRange(0.02, 0.09, result.FalsePositives.Share);
        Assert.IsGreaterThan(0.1, result.WelchFalsePositives!.Share, "as all directions of a concept share its images");
        Assert.AreEqual(0.5, result.RandomAccuracy, 0.05);
    }

    [TestMethod]
    public void PlantedConcept_IsFound_WithStarsAndTheRightSign()
    {
        ConceptTestResult result = Trial(classes: 2, s_options);
        ConceptScore towards = result.Classes[0].Scores[0], against = result.Classes[1].Scores[0], nothing = result.Classes[0].Scores[1];
        Assert.IsGreaterThan(0.9, towards.Score);
        Assert.IsLessThan(0.1, against.Score);
        Assert.IsTrue(towards.IsSignificant && against.IsSignificant, "p 0.005 each, 4 tests");
        Assert.AreEqual("*", towards.Stars);
        Assert.IsGreaterThan(2, towards.Effect);
        Assert.IsLessThan(-2, against.Effect);
        Assert.IsFalse(nothing.IsSignificant);
        Assert.IsGreaterThan(0.9, result.Concepts[0].Accuracy.Share);
        Assert.AreEqual(1, result.Concepts[0].Values.Sum(v => (double)v * v), 1e-6, "float32");
    }

    [TestMethod]
    public void Threads_GiveTheSameBits_AndAnotherConceptChangesNothingElse()
    {
        ConceptTestResult one = Trial(2, s_options with { Threads = 1 }), three = Trial(2, s_options with { Threads = 3 }),
            alone = Trial(2, s_options, concepts: 1);
        for (int c = 0; c < 2; c++)
        {
            for (int k = 0; k < 2; k++)
            {
                Same(one.Classes[c].Scores[k], three.Classes[c].Scores[k]);
                CollectionAssert.AreEqual(one.Concepts[k].Values, three.Concepts[k].Values);
            }

            Same(one.Classes[c].Scores[0], alone.Classes[c].Scores[0]);
        }

        CollectionAssert.AreEqual(one.Concepts[0].Values, alone.Concepts[0].Values);

        static void Same(ConceptScore a, ConceptScore b)
        {
            Assert.AreEqual(
                (a.Score, a.Sensitivity, a.P, a.PSensitivity, a.Effect, a.Welch), (b.Score, b.Sensitivity, b.P, b.PSensitivity, b.Effect,
                    b.Welch));
            CollectionAssert.AreEqual(a.Sensitivities.ToArray(), b.Sensitivities.ToArray());
        }
    }

    [TestMethod]
    public void P_CountsRandomConceptsAtLeastAsFarFromTheirMedian()
    {
        var chance = new ChanceScores([.. new[] { 1, 2, 3, 4, 9 }.Select(n => Of(n))]);
        Assert.AreEqual(3 / 6.0, chance.P(Of(5), 0, ConceptStatistic.Score), "1 and 9 are as far from 3, or farther");
        Assert.AreEqual(3 / 6.0, chance.P(Of(1), 0, ConceptStatistic.Score), "the same on the other side");
        Assert.AreEqual(1 / 6.0, chance.P(Of(10), 0, ConceptStatistic.Score));
        Assert.AreEqual(1, chance.P(Of(3), 0, ConceptStatistic.Score));
        Assert.AreEqual(2 / 6.0, chance.P(Of(9), 0, ConceptStatistic.Sensitivity));

        static SetOutcome Of(int count) => new([], [[count]], [[count]]);
    }

    /// <summary>Two concepts and random ones: the first is what class 0 likes and class 1 dislikes, the second nothing.</summary>
    private static ConceptTestResult Trial(int classes, ConceptTestOptions options, int concepts = 2)
    {
        float[] w = Vector(1, 0), pull = Array.ConvertAll(w, v => 3 * v);
        float[][] rows = [.. Rows(200, 2), .. Moved(Rows(20, 3), pull, 1), .. Rows(20, 4)];
        ClassGradients[] gradients = [.. Enumerable.Range(0, classes).Select(c => new ClassGradients(
            c, [.. Enumerable.Range(0, 20).Select(i => $"photo {i}")],
            [.. c < 2 ? Moved(Rows(20, 10 + (ulong)c, 3), Array.ConvertAll(w, v => 2 * v), c == 0 ? 1 : -1)
                : Moved(Rows(20, 10 + (ulong)c, 0.7), Vector(20 + (ulong)c, 0), 0.5f)], 20))];
        ImageProducts products = Products(rows, [.. gradients.Select(g => g.Rows)]);
        int[][] sets = [[.. Enumerable.Range(200, 20)], [.. Enumerable.Range(220, 20)]];
        var sizes = new ConceptSizes(sets[..concepts], [.. Enumerable.Range(0, 200)], false) { Warnings = [] };
        ImageSet[] images = [.. new[] { "planted", "nothing" }.Take(concepts).Select(n => new ImageSet(n, [], (_, _) => null!))];
        return new ConceptTrial(products, Features, sizes, options, CancellationToken.None).Run(
            TinyNets.Perceptron(4, 3, classes).Output, new Shape(1, Features), Labels.Numbered(classes), images, rows, gradients, null);
    }

    private static ImageProducts Products(IReadOnlyList<float[]> rows, IReadOnlyList<IReadOnlyList<float[]>> gradients) =>
        ImageProducts.Of(rows, gradients, new ParallelOptions { MaxDegreeOfParallelism = 2 });

    private static float[][] Rows(int count, ulong seed, double scale = 1) => [.. Enumerable.Range(0, count)
        .Select(i => Array.ConvertAll(Vector(seed, (ulong)i + 1), v => (float)(scale * v)))];

    private static float[][] Moved(float[][] rows, float[] by, float times) =>
        [.. rows.Select(r => r.Zip(by, (x, v) => x + (times * v)).ToArray())];

    private static float[] Vector(ulong seed, ulong stream)
    {
        var rng = new Rng(seed, stream);
        return [.. Enumerable.Range(0, Features).Select(k => (float)rng.Gaussian((ulong)k))];
    }
}
