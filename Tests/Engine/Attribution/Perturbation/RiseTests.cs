using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Perturbation;
using Interp.Engine.Cpu;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Perturbation;

[TestClass]
public sealed class RiseTests
{
    [TestMethod]
    [DataRow("plain", "false", "rise.npy")]
    [DataRow("plain", "true", "rise-mask-sum.npy")]
    [DataRow("control", "false", "rise-control.npy")]
    [DataRow("regression", "false", "rise-regression.npy")]
    public void NarrowVgg_OddSize_MatchesPyTorch(string estimator, string maskSum, string golden)
    {
        using var narrow = new NarrowVgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(narrow.Network, backend);

        AttributionResult result = narrow.Explain(
            explainer, "rise", "samples", "40", "cells", "5", "keep", "0.4", "mask-sum", maskSum, "estimator", estimator);

        TensorAssert.RelativeL2(Golden.Array("perturbation", golden).Values, result.Values, 1e-5, "probabilities from float32 logits");
    }

    [TestMethod]
    public void BoxSum_MaximumIsInsideTheBox()
    {
        const int Size = 28;
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(LinearNet.OfPixels(Size, (_, y, x) => InBox(y, x) ? 1 : 0), backend);
        AttributionMethod rise = AttributionCatalog.All.Find("rise");
        NetworkInput input = LinearNet.Image(Size, (_, _) => (255, 255, 255));

        AttributionRequest request = Requests.Of(explainer, rise, new ClassTarget(0), "score", "target", "samples", "500");
        AttributionResult result = rise.Explain(request with { Input = input });

        (int y, int x) = Math.DivRem(Array.IndexOf(result.Values, result.Maximum), Size);
        Assert.IsTrue(InBox(y, x), $"the maximum is at {y},{x}");
        Assert.AreEqual("logit of class 0", result.Facts.First(f => f.Name == "weighed_by").Value);

        static bool InBox(int y, int x) => y is >= 8 and < 14 && x is >= 14 and < 22;
    }

    [TestMethod]
    public void BatchesAndThreads_OfAnyNumber_GiveTheSameBits()
    {
        float[] one = Run(1, 1);
        TensorAssert.SameBits(one, Run(3, 1), "masks and sums do not know of batches");
        TensorAssert.SameBits(one, Run(5, 3), "nor of threads");

        static float[] Run(int batch, int threads)
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = threads });
            using var explainer = new Explainer(TinyNets.Vgg(), backend, new ExplainerOptions { Batch = batch });
            return AttributionCatalog.All.Find("rise").Explain(Requests.Of(explainer, "rise", new ClassTarget(2), "samples", "47")).Values;
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Masks_KeepTheirShareOfTheImage(bool pairs)
    {
        var masks = new RiseMasks(3, 7, 0.3, (30, 45), pairs);
        double[] sums = [0, 0];
        for (int i = 0; i < 400; i++)
        {
            float[] mask = Mask(masks, i);
            Assert.IsTrue(mask.All(m => m is >= 0 and <= 1));
            sums[i % 2] += mask.Average();
        }

        foreach (double sum in sums)
        {
            Assert.AreEqual(0.3, sum / 200, 0.025, "some 40 independent cells in each of 200 masks: standard error 0.006");
        }

        CollectionAssert.AreEqual(Mask(masks, 5), Mask(new RiseMasks(3, 7, 0.3, (30, 45), pairs), 5));
        CollectionAssert.AreNotEqual(Mask(masks, 5), Mask(new RiseMasks(4, 7, 0.3, (30, 45), pairs), 5));
    }

    [TestMethod]
    public void Masks_InPairs_OfOneHalf_AreComplements()
    {
        var masks = new RiseMasks(3, 5, 0.5, (20, 33), pairs: true);
        float[] a = Mask(masks, 6), b = Mask(masks, 7);
        for (int i = 0; i < a.Length; i++)
        {
            Assert.AreEqual(1, a[i] + b[i], 1e-6, "two roundings to float32");
        }
    }

    [TestMethod]
    [DataRow("plain", 0.5)]
    [DataRow("control", 0.5)]
    [DataRow("regression", 0.5)]
    [DataRow("regression", 0.3)]
    public void Estimates_OfAKnownScore_HaveTheRightMeanAndRegressionTheLeastNoise(string kind, double keep)
    {
        // A score that is linear in the mask at the points has E[S M] / p = E S + Cov(M, M) c / p.
        double level = Noise(kind, keep, out double bias, out double error);
        Assert.IsLessThan(4 * error, bias, $"off by {bias}, standard error {error}");
        Assert.IsLessThan(Noise("plain", keep, out _, out _) * (kind == "plain" ? 1.01 : 0.5), level, $"{kind}: noise {level}");

        static double Noise(string kind, double keep, out double bias, out double error)
        {
            const int Runs = 60, Count = 60;
            var all = new double[Runs][];
            double[] expected = [];
            for (int run = 0; run < Runs; run++)
            {
                var masks = new RiseMasks((ulong)run, 3, keep, (18, 24), kind == "regression");
                var points = new RisePoints(masks, keep);
                var estimate = new RiseEstimate(kind, masks, keep, 1);
                double[] c = [.. Enumerable.Range(0, points.Count).Select(j => Math.Sin(j) / 10)];
                int[] some = [.. Enumerable.Range(0, Count)];
                double[] scores = [.. some.Select(i => 3 + points.Of(i).Zip(c, (x, w) => x * w).Sum())];
                all[run] = estimate.AtPoints(some, scores);
                expected = [.. points.AtPoints(c).Select(v => 3 + (v / keep))];
            }

            double[] means = [.. expected.Select((_, j) => all.Average(r => r[j]))];
            double spread = all.Average(r => r.Zip(means, (v, m) => (v - m) * (v - m)).Average());
            error = Math.Sqrt(spread / Runs);
            bias = Math.Sqrt(means.Zip(expected, (m, e) => (m - e) * (m - e)).Average());
            return spread;
        }
    }

    [TestMethod]
    public void Map_AtThePoints_IsTheMapOfHalves()
    {
        // 6 points a side of 3 cells on 12 pixels: every second pixel, from the second on.
        var masks = new RiseMasks(1, 3, 0.5, (12, 12), pairs: true);
        var estimate = new RiseEstimate(RiseEstimate.Regression, masks, 0.5, 1);
        double[] scores = [.. Enumerable.Range(0, 30).Select(i => Math.Cos(i))];
        double[] points = estimate.AtPoints([.. Enumerable.Range(0, 30)], scores);
        float[] map = estimate.Map(scores);
        for (int i = 0; i < points.Length; i++)
        {
            Assert.AreEqual(points[i], map[((1 + (i / 6 * 2)) * 12) + 1 + (i % 6 * 2)], 1e-6, "float64 up to one rounding");
        }
    }

    private static float[] Mask(RiseMasks masks, int index)
    {
        var mask = new float[masks.Height * masks.Width];
        masks.Show(index, Enumerable.Repeat(1f, mask.Length).ToArray(), mask);
        return mask;
    }
}
