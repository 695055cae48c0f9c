using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Relevance;

[TestClass]
public sealed class DeepLiftTests
{
    [TestMethod]
    [DataRow("black", 0)]
    [DataRow("white", 0)]
    [DataRow("mean", 1)]
    public void DeepLift_Multipliers_AreChangesOverChanges(string baseline, int c)
    {
        DenseNet net = DenseNet.Sample();
        Preprocessing p = Preprocessing.ImageNet;
        double[] reference = [
            .. Enumerable.Range(0, 3).Select(
            i => baseline == "mean" ? 0 : ((baseline == "white" ? 1 : 0) - p.Mean[i]) / (double)p.Deviation[i])];
        double[] z = net.Outputs(0, net.X);
        double[] z0 = net.Outputs(0, reference);
        double[] expected = [.. net.X.Select((x, i) => (x - reference[i]) * z.Select((_, j) =>
            net.Layers[1].Weights[c][j] * (Math.Max(z[j], 0) - Math.Max(z0[j], 0)) / (z[j] - z0[j]) * net.Layers[0].Weights[j][i]).Sum())];

        AttributionResult found = net.Explain("deeplift", new ClassTarget(c), "baseline", baseline);

        TensorAssert.RelativeL2(expected, found.Values, 1e-5, "float32 sums of a few terms");
        Assert.AreEqual(net.Activations(reference)[2][c], Fact(found, "baseline_score"), 1e-5, "float32 logits of order 1");
    }

    [TestMethod]
    [DataRow("vgg", "mean", false)]
    [DataRow("vgg", "black", true)]
    [DataRow("vgg", "blur", false)]
    [DataRow("diamond", "mean", false)]
    [DataRow("diamond", "black", true)]
    public void DeepLift_Contributions_AddUpToTheDifferenceFromTheBaseline(string name, string baseline, bool against)
    {
        Network network = name == "vgg" ? TinyNets.Vgg() : TinyNets.Diamond();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        AttributionRequest request = Requests.Of(
            explainer, "deeplift", new ClassTarget(2, Against: against ? 4 : null), "baseline", baseline);

        AttributionResult result = AttributionCatalog.All.Find("deeplift").Explain(request);

        double difference = result.Score - Fact(result, "baseline_score");
        double sum = result.Values.Sum(v => (double)v);
        double size = result.Values.Sum(v => Math.Abs((double)v));
        Assert.AreEqual(difference, sum, 1e-4 * size, "float32 slopes over a dozen layers, where overlapping windows and branches add up");
        Assert.AreEqual(Math.Abs(difference - sum), Fact(result, "completeness_error"), 1e-5 * size);
    }

    [TestMethod]
    public void DeepLift_OneImageAtATime_GivesTheSameBits()
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var two = new Explainer(network, backend);
        using var one = new Explainer(network, backend, new ExplainerOptions { Batch = 1 });
        AttributionMethod method = AttributionCatalog.All.Find("deeplift");

        float[] together = method.Explain(Requests.Of(two, "deeplift", new ClassTarget(0))).Values;

        TensorAssert.SameBits(together, method.Explain(Requests.Of(one, "deeplift", new ClassTarget(0))).Values, "batch of one");
    }

    [TestMethod]
    public void DeepLift_ImageEqualsBaseline_IsTheGradientTimesNothing()
    {
        var net = new DenseNet([0, 0, 0], DenseNet.Sample().Layers);

        AttributionResult result = net.Explain("deeplift", new ClassTarget(0), "baseline", "mean");

        Assert.IsTrue(result.Values.All(v => v == 0));
        Assert.AreEqual(0, Fact(result, "completeness_error"));
    }

    private static double Fact(AttributionResult result, string name) => (double)result.Facts.Single(f => f.Name == name).Value;
}
