using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Baselines;
using Interp.Engine.Evidence.Metrics;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Evidence.Metrics;

[TestClass]
public sealed class RandomizationTests
{
    private static readonly Network Net = TinyNets.Vgg();
    private static readonly NetworkInput Image = Requests.RandomInput(32, 1);
    private static readonly AttributionMethod Vanilla = AttributionCatalog.All.Find("vanilla");

    [TestMethod]
    public void Weights_ReDrawn_ChangeTheGradientAndNotTheEdges()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Net, backend);
        var metric = new WeightRandomization();

        EvidenceFinding gradient = metric.Measure(EvidenceCases.Of(explainer, Image, Vanilla, new ClassTarget(1)));
        EvidenceFinding edges = metric.Measure(EvidenceCases.Of(explainer, Image, SobelMap.Instance, new ClassTarget(1)));

        Assert.IsTrue(Math.Abs(gradient.Values[0]) < 0.3, $"rank correlation {gradient.Values[0]}");
        Assert.AreEqual(1, edges["randomization-spearman"], 1e-12, "the same map");
        Assert.AreEqual(1, edges["randomization-ssim"], 1e-12, "the same map");
        CollectionAssert.AreEqual(new[] { 0, 3 / 8f, 5 / 8f, 1 }, gradient.Curves[0].Values[..4]);
    }

    [TestMethod]
    public void Cascade_AffineLayersAndLayerNorms_StartAnew()
    {
        Network network = LayerNets.ConvNext();
        var networks = RandomizedNetworks.Of(network, 3);

        Network all = networks.Cascade(networks.Layers, threads: 1);

        foreach (string name in (string[])["norm", "layer_scale"])
        {
            Assert.IsTrue(
                all.Find(name).Weights[0].ToArray().All(s => s == 1) && all.Find(name).Weights[1].ToArray().All(t => t == 0), name);
        }

        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(all, backend);
        float[] logits = explainer.Forward(Requests.RandomInput(14, 1), [], CancellationToken.None).Logits();
        Assert.HasCount(7, logits.Distinct(), "the network still sees the image");
    }

    [TestMethod]
    public void Cascade_ReDrawsFromTheTopAndSharesWhatItDrew()
    {
        var networks = RandomizedNetworks.Of(Net, 3);
        Network two = networks.Cascade(2, threads: 1), all = networks.Cascade(networks.Layers, threads: 2);

        Assert.AreEqual(8, networks.Layers);
        Assert.AreSame(Net.Find("conv2_1"), two.Find("conv2_1"));
        Assert.AreSame(two.Find("fc0"), all.Find("fc0"));
        Assert.AreNotSame(Net.Find("fc1"), two.Find("fc1"));
        float[] drawn = all.Find("conv1_1").Weights[0].ToArray();
        double deviation = Math.Sqrt(drawn.Average(v => (double)v * v));
        Assert.AreEqual(Math.Sqrt(2.0 / (17 * 9)), deviation, 0.004, "2.5 standard errors σ/√(2n) of n = 2601 values");
        Assert.IsTrue(all.Find("conv1_1").Weights[1].ToArray().All(v => v == 0));
        CollectionAssert.AreEqual(drawn,
            RandomizedNetworks.Of(TinyNets.Vgg(), 3).Cascade(8, threads: 2).Find("conv1_1").Weights[0].ToArray());
    }

    [TestMethod]
    public void Unit_AsTarget_IsFoundInTheReDrawnNetwork()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Net, backend);

        EvidenceFinding found = new WeightRandomization().Measure(
            EvidenceCases.Of(explainer, Image, Vanilla, UnitTarget.Parse("conv1_1:3", Net)));

        Assert.IsTrue(Math.Abs(found.Values[0]) < 0.5, $"rank correlation {found.Values[0]}");
    }

    [TestMethod]
    public void Logit_OfAnotherClass_ChangesTheGradientAndNotTheEdges()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Net, backend);
        var metric = new RandomLogit();

        EvidenceFinding gradient = metric.Measure(EvidenceCases.Of(explainer, Image, Vanilla, new ClassTarget(1)));
        EvidenceFinding edges = metric.Measure(EvidenceCases.Of(explainer, Image, SobelMap.Instance, new ClassTarget(1)));
        EvidenceRequest unit = EvidenceCases.Of(explainer, Image, Vanilla, UnitTarget.Parse("conv1_1:3", Net));

        Assert.IsTrue(gradient.Values[0] < Verdict.SameForAnyClass, $"rank correlation {gradient.Values[0]}");
        Assert.AreEqual(1, edges.Values[0], 1e-12, "the same map");
        Assert.AreEqual("the target is not a class", metric.Obstacle(unit));
    }
}
