using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Relevance;

[TestClass]
public sealed class LrpMethodTests
{
    private static readonly AttributionMethod Lrp = AttributionCatalog.All.Find("lrp");

    private static IEnumerable<object[]> Composites =>
        Lrp.Options[0].Choices.SelectMany(c => new object[][] { [c, "vgg"], [c, "diamond"] });

    [TestMethod]
    [DynamicData(nameof(Composites))]
    public void Lrp_Relevance_GoesToTheInputOrToBiases(string composite, string network)
    {
        AttributionResult result = Explain(Net(network), new ClassTarget(3), "composite", composite);

        double taken = Fact(result, "relevance_start") * Fact(result, "bias_share");
        Assert.AreEqual(result.Score, Fact(result, "relevance_start"), 1e-6, "it starts as the logit");
        Assert.AreEqual(result.Values.Sum(v => (double)v), Fact(result, "relevance_end"), 1e-9);

        double lost = Math.Abs(result.Score - Fact(result, "relevance_end") - taken);
        Assert.AreEqual(lost / Math.Abs(result.Score), Fact(result, "conservation_error"), 1e-9);

        // Random biases let positive and negative relevance grow far above their sum, and so does what stabilisers of 1e-6 and rounding
        // take. Outputs of the
        // diamond without any positive product hand nothing on by z-plus; nor do, by flat, averages and sums of zeros.
        double size = Math.Max(Math.Abs(result.Score), result.Values.Sum(v => Math.Abs((double)v)));
        bool zeros = composite == "flat"
            || (network == "diamond" && !composite.StartsWith("epsilon-gamma", StringComparison.Ordinal)
            && composite is not ("epsilon" or "gamma"));
        Assert.IsLessThan((zeros ? 0.5 : 2e-3) * size, lost, "start = input + biases");
    }

    [TestMethod]
    [DataRow("epsilon-gamma-box")]
    [DataRow("epsilon-plus")]
    [DataRow("epsilon-alpha2-beta1")]
    [DataRow("gamma")]
    public void Lrp_WithoutBiases_KeepsTheLogit(string composite)
    {
        AttributionResult result = Explain(BiasFree(), new ClassTarget(1), "composite", composite);

        Assert.AreEqual(0, Fact(result, "bias_share"));
        Assert.AreEqual(result.Score, result.Values.Sum(v => (double)v), 1e-3 * Math.Abs(result.Score),
            "stabilisers of 1e-6, and outputs that nothing excites");
    }

    [TestMethod]
    public void Epsilon_Vanishing_WithoutBiases_IsGradientTimesInput()
    {
        Network network = BiasFree();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        AttributionRequest request = Requests.Of(explainer, "lrp", new ClassTarget(2), "composite", "epsilon", "epsilon", "1e-12");
        float[] gradient = request.Gradient(ReluRules.Vanilla);
        double[] expected = [.. gradient.Zip(request.Input.Tensor, (g, x) => (double)g * x)];

        TensorAssert.RelativeL2(expected, Lrp.Explain(request).Values, 1e-3,
            "a ReLU network without biases is linear around the image; small denominators enlarge rounding");
    }

    [TestMethod]
    public void Lrp_Difference_IsWhatStartsAtBothClasses()
    {
        float[] c = Explain(TinyNets.Vgg(), new ClassTarget(1), "composite", "epsilon-plus").Values;
        float[] a = Explain(TinyNets.Vgg(), new ClassTarget(5), "composite", "epsilon-plus").Values;

        AttributionResult both = Explain(TinyNets.Vgg(), new ClassTarget(1, Against: 5), "composite", "epsilon-plus");

        Assert.AreEqual(both.Score, Fact(both, "relevance_start"), 1e-6, "z_c at c and −z_a at a");
        TensorAssert.RelativeL2([.. c.Zip(a, (p, q) => (double)p - q)], both.Values, 1e-3,
            "handing down is linear in what starts; small denominators enlarge rounding");
    }

    [TestMethod]
    public void Lrp_Probability_StartsFromTheLogitAndSaysSo()
    {
        AttributionResult logit = Explain(TinyNets.Vgg(), new ClassTarget(4));
        AttributionResult probability = Explain(TinyNets.Vgg(), new ClassTarget(4, Probability: true));

        TensorAssert.SameBits(logit.Values, probability.Values, "same start");
        Assert.Contains("logit of class 4", (string)probability.Facts.Single(f => f.Name == "starts_from").Value);
        Assert.IsFalse(logit.Facts.Any(f => f.Name == "starts_from"));
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(3)]
    public void Lrp_Unit_StartsAsItsActivation(int? at)
    {
        Network network = TinyNets.Vgg();
        var unit = new UnitTarget(network.Find("relu1_1"), 6, at is { } p ? (p, p) : null);

        AttributionResult result = Explain(network, unit, "composite", "z-plus");

        Assert.AreEqual(result.Score, Fact(result, "relevance_start"), 1e-5 * Math.Max(1, Math.Abs(result.Score)));
    }

    [TestMethod]
    public void Lrp_AnyNumberOfThreads_GivesTheSameBits()
    {
        TensorAssert.SameBits(Explain(TinyNets.Diamond(), new ClassTarget(0), 1).Values,
            Explain(TinyNets.Diamond(), new ClassTarget(0), 3).Values, "threads");
    }

    [TestMethod]
    public void Lrp_SecondImage_DoesNotDependOnTheFirst()
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        AttributionRequest first = Requests.Of(explainer, "lrp", new ClassTarget(0));
        AttributionRequest second = first with { Input = Requests.RandomInput(32, 7) };

        float[] fresh = Lrp.Explain(second).Values;
        Lrp.Explain(first);

        TensorAssert.SameBits(fresh, Lrp.Explain(second).Values, "weights made for an earlier image are used again");
    }

    [TestMethod]
    public void ZBox_ImagesOfOtherChannels_NamesWhatToDo()
    {
        var builder = new NetworkBuilder(4);
        builder.Then("conv", new Conv2d(4, 2, Window.Square(1), Bias: false),
            Weight.FromValues("w", new Shape(2, 4, 1, 1), [1, 1, 1, 1, 1, 1, 1, 1]));
        Network network = builder.Then("flat", new Flatten()).Build("four", new Preprocessing { InputSize = 1 });
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        var input = new NetworkInput("four", new RgbImage(1, 1, new byte[3]), [1, 2, 3, 4], "");

        ModelException error = Assert.ThrowsExactly<ModelException>(() => AttributionCatalog.All.Find("deep-taylor")
            .Explain(new AttributionRequest(explainer, input, new UnitTarget(network.Find("conv"), 0),
            AttributionCatalog.All.Find("deep-taylor").Configure())));

        Assert.Contains("expected an input [N,3,H,W], found [1,4,1,1]", error.Message);
    }

    [TestMethod]
    [DoNotParallelize]
    public void Explainer_Disposed_GivesAllMemoryBack() => LeakCheck.Run(() =>
    {
        Explain(TinyNets.Vgg(), new ClassTarget(0), "composite", "gamma");
        Explain(TinyNets.Vgg(), new ClassTarget(0), "composite", "alpha2-beta1");
    });

    private static Network Net(string name) => name == "vgg" ? TinyNets.Vgg() : TinyNets.Diamond();

    private static AttributionResult Explain(Network network, Target target, params string[] options) =>
        Explain(network, target, 2, options);

    private static AttributionResult Explain(Network network, Target target, int threads, params string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads });
        using var explainer = new Explainer(network, backend);
        return Lrp.Explain(Requests.Of(explainer, "lrp", target, options));
    }

    private static double Fact(AttributionResult result, string name) => (double)result.Facts.Single(f => f.Name == name).Value;

    /// <summary>The tiny VGG without its biases.</summary>
    private static Network BiasFree()
    {
        var builder = new NetworkBuilder(3);
        Network whole = TinyNets.Vgg();
        foreach (Node node in whole.Nodes.Skip(1))
        {
            Layer layer = node.Layer switch
            {
                Conv2d conv => conv with { Bias = false },
                Linear linear => linear with { Bias = false },
                _ => node.Layer,
            };
            builder.Add(node.Name, layer, [whole.Nodes[node.Inputs[0]].Name], node.Weights.AsSpan()[..layer.Parameters.Count]);
        }

        return builder.Build("bias-free", whole.Preprocessing);
    }
}
