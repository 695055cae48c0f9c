using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Attribution.Relevance.Rules;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Relevance;

/// <summary>What relevance and DeepLIFT promise, on residual sums, gates, affine layers, layer norms and their like.</summary>
[TestClass]
public sealed class BlockRelevanceTests
{
    public static IEnumerable<object[]> Blocks => LayerNets.Blocks.Keys.Select(n => new object[] { n });

    public static IEnumerable<object[]> BlocksAndComposites =>
        from block in LayerNets.Blocks.Keys
        from composite in (string[])["epsilon-gamma-box", "epsilon-plus", "epsilon-plus-flat", "epsilon", "z-plus"]
        select new object[] { block, composite };

    [TestMethod]
    [DynamicData(nameof(BlocksAndComposites))]
    public void Lrp_WhatLayersAbsorb_AndWhatReachesTheImage_IsWhatStarted(string block, string composite)
    {
        AttributionResult result = Explain(LayerNets.Blocks[block](), "lrp", "composite", composite);

        var absorbed = (AbsorbedRelevance[])result.Facts.Single(f => f.Name == "absorbed").Value;
        double start = Fact(result, "relevance_start"), end = Fact(result, "relevance_end");
        double size = Math.Max(Math.Abs(start), result.Values.Sum(v => Math.Abs((double)v)));
        double biases = absorbed.Sum(a => a.Biases), rest = absorbed.Sum(a => a.Rest);
        Assert.AreEqual(start, end + biases + rest, 1e-6 * Math.Max(1, size), "float64 sums of what is noted");
        Assert.AreEqual(Fact(result, "bias_share") * start, biases, 1e-6 * Math.Max(1, size));
        if (composite == "epsilon")
        {
            Assert.AreEqual(0, rest, 2e-3 * absorbed.Sum(a => Math.Abs(a.Biases)) + (2e-3 * size), "stabilisers of 1e-6");
        }
    }

    [TestMethod]
    [DataRow("epsilon")]
    [DataRow("gamma")]
    public void Lrp_ResidualNetworkWithoutBiases_ConservesAll(string composite)
    {
        AttributionResult result = Explain(LayerNets.Residual(bias: false), "lrp", "composite", composite);

        Assert.AreEqual(0, Fact(result, "bias_share"));
        Assert.IsLessThan(1e-3, Fact(result, "conservation_error"), "stabilisers of 1e-6 beside denominators of order 1");
    }

    [TestMethod]
    public void Lrp_Gate_HandsAllToTheMap()
    {
        Network network = LayerNets.Blocks["squeeze-and-excitation, SiLU and sigmoid"]();
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(network, backend);
        var heard = new List<string>();
        var listener = new Composite(
            "listener", new RuleFor(LayerSelector.Name("fc2"), new ListeningRule(heard)), new RuleFor(LayerSelector.All,
            new EpsilonRule()));

        new LrpMethod(listener).Explain(Requests.Of(explainer, new LrpMethod(listener), new ClassTarget(1)));

        CollectionAssert.AreEqual(new[] { "fc2: 0" }, heard, "the gate's branch receives nothing");
    }

    [TestMethod]
    [DynamicData(nameof(Blocks))]
    public void DeepLift_AddsUpToTheDifference(string block)
    {
        foreach (string baseline in (string[])["black", "white", "mean", "blur"])
        {
            AttributionResult result = Explain(LayerNets.Blocks[block](), "deeplift", "baseline", baseline);

            double size = result.Values.Sum(v => Math.Abs((double)v));
            Assert.AreEqual(result.Score - Fact(result, "baseline_score"), result.Values.Sum(v => (double)v), 1e-4 * size,
                $"{baseline}: float32 slopes over a dozen layers");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Blocks))]
    public void DeepLift_ReferenceThatIsTheImage_IsTheGradient(string block)
    {
        Network network = LayerNets.Blocks[block]();
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(network, backend);
        AttributionRequest request = Requests.Of(explainer, "deeplift", new ClassTarget(2));

        var walk = new RelevanceWalk(request, Composites.DeepLift, network.Input, request.Input.Tensor);

        TensorAssert.RelativeL2(request.Gradient(ReluRules.Vanilla), walk.Run(walk.Gradient), 1e-5, "float32 between layers");
    }

    [TestMethod]
    [DynamicData(nameof(Blocks))]
    public void DeepTaylorAndExcitation_AreNeverNegativeAndNeverGrow(string block)
    {
        Network network = LayerNets.Blocks[block]();
        AttributionResult excitation = Explain(network, "excitation-backprop", "layer", "input");
        Assert.IsTrue(excitation.Values.All(v => v >= -1e-6));
        Assert.IsTrue(Fact(excitation, "probability_at_layer") is >= 0 and <= 1 + 1e-5);

        int top = Enumerable.Range(0, 7).MaxBy(c => Explain(network, "vanilla", new ClassTarget(c)).Score);
        AttributionResult taylor = Explain(network, "deep-taylor", new ClassTarget(top));
        Assert.IsGreaterThan(0, Fact(taylor, "relevance_start"));
        Assert.IsTrue(taylor.Values.All(v => v >= -1e-6));
        Assert.IsLessThanOrEqualTo(Fact(taylor, "relevance_start") * (1 + 1e-5), Fact(taylor, "relevance_end"));
        Assert.AreEqual(block != "residual blocks" && block != "slices and shuffle", taylor.Facts.Any(f => f.Name == "negative_inputs")
            && block != "residual blocks", "says where the theory does not hold");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(-1)]
    public void Lrp_AffineOnTheImage_IsAsIfTheConvolutionHadIt(int sign)
    {
        var random = new Gaussian(8);
        float[] scale = [0.5f, sign * 2f, 1.5f], shift = [0.25f, -1, 0.5f], weights = random.Values(5 * 27);
        float[] biases = new float[5], merged = [.. weights];
        for (int i = 0; i < weights.Length; i++)
        {
            merged[i] *= scale[i / 9 % 3];
            biases[i / 27] += weights[i] * shift[i / 9 % 3];
        }

        Network apart = Net(b => b
            .Then("affine", new ChannelAffine(3), Vector("s", scale), Vector("t", shift))
            .Then("conv", new Conv2d(3, 5, Window.Square(3), Bias: false), Weight.FromValues("w", new Shape(5, 3, 3, 3), weights)));
        Network together = Net(b => b
            .Then("conv", new Conv2d(3, 5, Window.Square(3)), Weight.FromValues("w", new Shape(5, 3, 3, 3), merged), Vector("b", biases)));

        TensorAssert.RelativeL2(Explain(together, "lrp").Values, Explain(apart, "lrp").Values, 1e-4, "z-box bounds go through the affine");

        Network Net(Func<NetworkBuilder, NetworkBuilder> start) => TinyNets.Add(
            start(new NetworkBuilder(3)).Then("relu", new ReLU()).Then("pool", new AdaptiveAvgPool2d(Size2.Square(1)))
                .Then("flat", new Flatten()), "fc", new Linear(5, 7), new Gaussian(9)).Build("net", new Preprocessing { InputSize = 8 });
    }

    [TestMethod]
    [DataRow("lrp")]
    [DataRow("deeplift")]
    [DataRow("deep-taylor")]
    public void AveragePool_WithAWindow_IsTheAdaptiveOneOfTheSameParts(string method)
    {
        Network window = Pool(new AvgPool2d(Window.Square(2, 2))), adaptive = Pool(new AdaptiveAvgPool2d(Size2.Square(4)));

        TensorAssert.RelativeL2(Explain(adaptive, method).Values, Explain(window, method).Values, 1e-6, "the same means");

        static Network Pool(Layer pool)
        {
            var random = new Gaussian(10);
            NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "conv", new Conv2d(3, 6, Window.Square(3, padding: 1)), random);
            b.Then("relu", new ReLU()).Then("pool", pool).Then("flat", new Flatten());
            return TinyNets.Add(b, "fc", new Linear(96, 7), random).Build("pool", new Preprocessing { InputSize = 8 });
        }
    }

    private static Weight Vector(string name, float[] values) => Weight.FromValues(name, new Shape(values.Length), values);

    private static AttributionResult Explain(Network network, string method, params string[] options) =>
        Explain(network, method, new ClassTarget(1), options);

    private static AttributionResult Explain(Network network, string method, Target target, params string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        return AttributionCatalog.All.Find(method).Explain(Requests.Of(explainer, method, target, options));
    }

    private static double Fact(AttributionResult result, string name) => (double)result.Facts.Single(f => f.Name == name).Value;

    /// <summary>Notes what arrives, and hands nothing on.</summary>
    private sealed class ListeningRule(List<string> heard) : LayerRule("listening")
    {
        public override float[][] Back(LayerPass layer, float[] upper)
        {
            heard.Add($"{layer.Node.Name}: {upper.Sum(MathF.Abs)}");
            return [new float[layer.InputShape().Count]];
        }
    }
}
