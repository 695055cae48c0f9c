using Interp.Engine.Arithmetic;
using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Perturbation;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Perturbation;

/// <summary>Sampling that ends when the map stands still.</summary>
[TestClass]
public sealed class SamplingTests
{
    public static IEnumerable<object[]> Methods => new[]
    {
        ("rise", "masks", 3000), ("lime", "images", 3000), ("kernelshap", "coalitions", 400),
        ("shapley-sampling", "orders", 400), ("hsic", "samples_drawn", 3000), ("sobol", "samples_drawn", 400),
    }.Select(m => new object[] { m.Item1, m.Item2, m.Item3 });

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void StopAt_EndsEarly_WithWhatSoManySamplesGive(string method, string fact, int most)
    {
        AttributionResult early = Explain(method, "samples", $"{most}", "stop-at", "0.3");

        int drawn = (int)early.Facts.First(f => f.Name == fact).Value;
        Assert.IsLessThan(most, drawn, "a small network's map stands still soon");
        Assert.IsTrue((bool)early.Facts.First(f => f.Name == "stopped_early").Value);
        Assert.IsGreaterThanOrEqualTo(0.3, (double)early.Facts.First(f => f.Name == "split_half_correlation").Value);
        AttributionResult counted = Explain(method, "samples", $"{drawn}");
        TensorAssert.SameBits(counted.Values, early.Values, "the first samples are those of a shorter run");
        Assert.AreEqual(early.Work.Forward, counted.Work.Forward, "as many passes");
        Assert.IsFalse(counted.Facts.Any(f => f.Name == "stopped_early"), "only where it was asked for");
    }

    [TestMethod]
    public void StopAt_ThatIsNeverReached_IsSaid()
    {
        AttributionResult result = Explain("hsic", "samples", "80", "stop-at", "1");

        Assert.Contains("option 'stop-at' 1 was not reached twice in turn: the halves", result.Diagnosis.Single());
        Assert.AreEqual(80, result.Facts.First(f => f.Name == "samples_drawn").Value);
    }

    [TestMethod]
    public void Checks_ComeAtFixedCounts_AndTakeTwoInTurn()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(TinyNets.Vgg(), backend);
        AttributionRequest request = Requests.Of(explainer, "rise", new ClassTarget(1), "stop-at", "0.5");
        var checks = new List<(int First, int Count)>();

        // Halves agree at the first check, not at the second, and from the third on.
        Sampled sampled = Sampling.Run(request, 1000, 1, (_, first, count) => checks.Add((first, count)), some =>
            checks.Count == 2 ? [some[0], 1 - some[0], 0] : [0, 1, 2]);

        CollectionAssert.AreEqual(new[] { (0, 64), (64, 16), (80, 20), (100, 25) }, checks);
        Assert.AreEqual(125, sampled.Count);
        Assert.IsTrue(sampled.IsEarly);
    }

    [TestMethod]
    public void LabelRuns_Blend_IsDoneByEachPixel()
    {
        int[] labels = [0, 0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 1, 1];
        float[] weights = [1, 0, 0.25f], image = [.. Enumerable.Range(0, 48).Select(i => i / 3f)], fill = [.. image.Select(v => 9 - v)];
        var found = new float[48];
        new LabelRuns(labels).Blend(weights, image, fill, found);
        for (int i = 0; i < found.Length; i++)
        {
            float weight = weights[labels[i % 24]];
            Assert.AreEqual(weight == 1 ? image[i] : fill[i] + (weight * (image[i] - fill[i])), found[i], $"pixel {i}");
        }
    }

    private static AttributionResult Explain(string method, params string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        Network network = TinyNets.Vgg();
        using var explainer = new Explainer(network, backend);
        AttributionMethod found = AttributionCatalog.All.Find(method);
        string[] small = [.. found.Options.SelectMany(o => o.Name switch
        {
            "cells" => (string[])[o.Name, "3"],
            "segments" => [o.Name, "9"],
            _ => [],
        })];
        return found.Explain(Requests.Of(explainer, method, new ClassTarget(2), [.. small, .. options]));
    }
}
