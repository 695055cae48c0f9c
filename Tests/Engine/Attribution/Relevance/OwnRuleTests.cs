using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Attribution.Relevance.Rules;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Relevance;

/// <summary>Rules of this assembly: sums of products, and one that does what it likes.</summary>
[TestClass]
public sealed class OwnRuleTests
{
    [TestMethod]
    public void LinearRule_OfOnesOwn_GivesTheSumsThatItSays()
    {
        // 2·3 = 6 and 1·(−2) = −2 of the two inputs, and a bias of 1: twice what excites, less what inhibits, of the logit 5.
        var net = new DenseNet([2, 1, 0], ([[3, -2, 5]], [1]));

        AttributionResult result = Explain(net.Network, new PlusMinusRule(), [2, 1, 0]);

        Assert.AreEqual(2 * 5 * 6 / 6.0, result.Values[0], 1e-5, "1e-6 in a denominator of 6");
        Assert.AreEqual(-1 * 5.0, result.Values[1], 1e-5, "1e-6 in a denominator of 2");
        Assert.AreEqual("plus-minus(2): fc0", result.Facts.Single(f => f.Name == "rules").Value);
        CollectionAssert.AreEqual((string[])["through"], result.Options.Texts.Select(t => t.Key).ToArray(),
            "beside a composite of one's own there are only the channels to set");
    }

    [TestMethod]
    public void LayerRule_OfOnesOwn_SeesWhatItReads()
    {
        Network network = TinyNets.Vgg();
        float[] whole = Explain(network, new EpsilonRule()).Values;

        TensorAssert.SameBits(whole, Explain(network, new ShareRule(0)).Values, "all of it");
        Assert.IsLessThan(whole.Count(v => v != 0), Explain(network, new ShareRule(1)).Values.Count(v => v != 0), "only the largest");
    }

    [TestMethod]
    public void LayerRule_OfOnesOwn_ThatReadsOrGivesWhatItMustNot_IsNamed()
    {
        Exception error = Assert.ThrowsExactly<InvalidOperationException>(() => Explain(TinyNets.Vgg(), new WrongRule(readsOutput: false)));
        Assert.Contains("the output of 'fc0' was not kept: ReadsInputs and ReadsOutput say what is read", error.Message);

        error = Assert.ThrowsExactly<InvalidOperationException>(() => Explain(TinyNets.Vgg(), new WrongRule(readsOutput: true)));
        Assert.Contains("rule wrong gave the inputs of 'fc0' 19 values, expected 216", error.Message);
    }

    private static AttributionResult Explain(Network network, LayerRule rule, params float[] pixel)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        var others = new RuleFor(LayerSelector.Kind("conv2d", "linear"), new EpsilonRule()) { MayBeIdle = true };
        var method = new LrpMethod(new Composite("mine", new RuleFor(LayerSelector.Kind("conv2d", "linear"), rule), others));
        AttributionRequest request = Requests.Of(explainer, method, new ClassTarget(0));
        return method.Explain(pixel.Length == 0 ? request : request with { Input = request.Input with { Tensor = pixel } });
    }

    /// <summary>Twice the share of what is above zero, less the share of what is below: α2β1 without biases.</summary>
    private sealed class PlusMinusRule() : LinearRule(
        "plus-minus(2)",
        new TermGroup(
            2,
            new Term(InputPart.Positive, WeightPart.Positive, Bias: false),
            new Term(InputPart.Negative, WeightPart.Negative, Bias: false)),
        new TermGroup(
            -1,
            new Term(InputPart.Positive, WeightPart.Negative, Bias: false),
            new Term(InputPart.Negative, WeightPart.Positive, Bias: false)));

    /// <summary>LRP-ε of the outputs that receive at least a share of the largest relevance, made of another rule.</summary>
    private sealed class ShareRule(double least) : LayerRule("share")
    {
        private readonly EpsilonRule _inner = new();

        public override bool Fits(Layer layer) => layer is Conv2d or Linear;

        public override float[][] Back(LayerPass layer, float[] upper)
        {
            Assert.AreEqual(layer.OutputShape.Count, upper.Length);
            Assert.AreEqual(layer.InputShape().Count, layer.Input().Length);
            double largest = upper.Max(MathF.Abs);
            return _inner.Back(layer, [.. upper.Select(r => Math.Abs(r) >= least * largest ? r : 0)]);
        }
    }

    private sealed class WrongRule(bool readsOutput) : LayerRule("wrong")
    {
        public override bool ReadsInputs => false;

        public override bool ReadsOutput => readsOutput;

        public override bool Fits(Layer layer) => layer is Linear { OutFeatures: 19 };

        public override float[][] Back(LayerPass layer, float[] upper) => [[.. upper.Zip(layer.Output, (r, y) => r * y)]];
    }
}
