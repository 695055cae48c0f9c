using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Attribution;

[TestClass]
public sealed class GradientMethodTests
{
    private const int Size = 8;
    private static readonly Network Tiny = BuildNetwork();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Vanilla_IsTheDerivativeOfTheTargetByEveryPixel(bool probability)
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(Tiny, backend);
        NetworkInput input = RandomInput(1);
        var target = new ClassTarget(2, probability);

        AttributionResult result = Explain(explainer, input, "vanilla", target);

        float largest = result.Values.Max(MathF.Abs);
        Assert.IsGreaterThan(0.005f, largest, "a gradient far above rounding, or the comparison means nothing");
        const float Step = 1e-3f;
        var rng = new Rng(9);
        for (ulong k = 0; k < 24; k++)
        {
            int at = (int)(rng.Uniform(k) * input.Tensor.Length);
            double up = Value(explainer, input, at, Step, target), down = Value(explainer, input, at, -Step, target);
            double numeric = (up - down) / (2 * Step);

            // Logits of order 1 are rounded to float32, which leaves 1e-7/1e-3 in the quotient; a ReLU kink or a pool's switch within the
            // step adds a little.
            Assert.AreEqual(numeric, result.Values[at], (0.01 * largest) + (0.02 * Math.Abs(numeric)), $"input value {at}");
        }

    }

    [TestMethod]
    public void Probability_Gradient_IsTheChainRuleOverTheLogits()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Tiny, backend);
        NetworkInput input = RandomInput(2);

        float[] found = Explain(explainer, input, "vanilla", new ClassTarget(1, Probability: true)).Values;

        double[] p = OutputActivation.Softmax.Probabilities(explainer.Forward(input, [], default).Logits());
        double[] expected = new double[found.Length];
        for (int c = 0; c < Tiny.Classes; c++)
        {
            float[] logit = Explain(explainer, input, "vanilla", new ClassTarget(c)).Values;
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += p[1] * ((c == 1 ? 1 : 0) - p[c]) * logit[i];
            }
        }

        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], found[i], 1e-5 * scale, "float32 sums over a few hundred terms");
        }
    }

    [TestMethod]
    [DataRow("vanilla", "guided")]
    [DataRow("guided", "deconvnet")]
    [DataRow("deconvnet", "vanilla")]
    public void ReluRule_OfAnotherMethod_GivesTheSameBits(string method, string rule)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(Tiny, backend);
        NetworkInput input = RandomInput(3);

        float[] byOption = Explain(explainer, input, method, new ClassTarget(0), new() { ["relu-rule"] = rule }).Values;

        CollectionAssert.AreEqual(Explain(explainer, input, rule, new ClassTarget(0)).Values, byOption);
        CollectionAssert.AreNotEqual(Explain(explainer, input, method, new ClassTarget(0)).Values, byOption);
    }

    [TestMethod]
    public void Explain_Result_SaysWhatWasDone()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(Tiny, backend);
        NetworkInput input = RandomInput(4);

        AttributionResult result = Explain(explainer, input, "guided", new ClassTarget(3));

        float[] logits = explainer.Forward(input, [], default).Logits();
        Assert.AreEqual(new Shape(3, Size, Size), result.Shape);
        Assert.AreEqual(logits[3], result.Logit);
        Assert.AreEqual(OutputActivation.Softmax.Probabilities(logits)[3], result.Probability);
        Assert.AreEqual(result.Values.Min(), result.Minimum);
        Assert.AreEqual(result.Values.Max(), result.Maximum);
        Assert.AreEqual(KeyValuePair.Create("relu-rule", "guided"), result.Options.Texts.First());
        Assert.IsEmpty(result.Diagnosis);
    }

    [TestMethod]
    public void Explain_NothingReachesTheInput_IsDiagnosedAsEmpty()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(BuildNetwork(bias: -1000), backend);

        AttributionResult result = Explain(explainer, RandomInput(5), "vanilla", new ClassTarget(0));

        Assert.HasCount(1, result.Diagnosis);
        Assert.StartsWith("map is empty: ", result.Diagnosis[0]);
        Assert.Contains("relu-rule vanilla", result.Diagnosis[0]);
    }

    [TestMethod]
    public void Explain_NaNInTheInput_IsDiagnosedWithItsCause()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(Tiny, backend);
        NetworkInput input = RandomInput(6);
        Array.Fill(input.Tensor, float.NaN);

        AttributionResult result = Explain(explainer, input, "vanilla", new ClassTarget(0, Probability: true));

        Assert.HasCount(1, result.Diagnosis);
        Assert.Contains("since the input holds values that are not finite", result.Diagnosis[0],
            "no ReLU counts NaN as active, so nothing comes back");
    }

    [TestMethod]
    public void Explain_SaturatedProbability_SaysToExplainTheLogit()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(BuildNetwork(gain: 1e6f), backend);

        AttributionResult result = Explain(explainer, RandomInput(7), "vanilla", new ClassTarget(0, Probability: true));

        Assert.HasCount(1, result.Diagnosis);
        Assert.Contains("explain its logit instead", result.Diagnosis[0]);
    }

    private static AttributionResult Explain(Explainer explainer, NetworkInput input, string method, Target target,
        Dictionary<string, string>? options = null)
    {
        AttributionMethod m = AttributionCatalog.All.Find(method);
        return m.Explain(new AttributionRequest(explainer, input, target, m.Configure(options)));
    }

    private static double Value(Explainer explainer, NetworkInput input, int at, float step, Target target)
    {
        float[] moved = [.. input.Tensor];
        moved[at] += step;
        return target.Scores(explainer.Forward(input with { Tensor = moved }, [], default))[0];
    }

    private static NetworkInput RandomInput(ulong seed)
    {
        var rng = new Rng(seed);
        return new NetworkInput("random", new RgbImage(Size, Size, new byte[3 * Size * Size]),
            [.. Enumerable.Range(0, 3 * Size * Size).Select(i => (float)rng.Gaussian((ulong)i))], "");
    }

    private static Network BuildNetwork(float bias = 0.1f, float gain = 1)
    {
        ulong stream = 0;
        Weight Random(string name, params int[] shape)
        {
            float factor = name == "logits.weight" ? gain : 1;
            var dims = new Shape(shape);
            var rng = new Rng(11, stream++);
            double scale = Math.Sqrt(2.0 * shape[0] / dims.Count);
            return Weight.FromValues(name, dims,
                [.. Enumerable.Range(0, (int)dims.Count).Select(i => (float)(factor * scale * rng.Gaussian((ulong)i)))]);
        }

        return new NetworkBuilder(3)
            .Then("conv", new Conv2d(3, 6, Window.Square(3, padding: 1)), Random("conv.weight", 6, 3, 3, 3),
            Weight.FromValues("conv.bias", new Shape(6), Enumerable.Repeat(bias, 6).ToArray()))
            .Then("relu", new ReLU())
            .Then("pool", new MaxPool2d(Window.Square(2, stride: 2)))
            .Then("average", new AdaptiveAvgPool2d(new Size2(2, 2)))
            .Then("flatten", new Flatten())
            .Then("hidden", new Linear(24, 16), Random("hidden.weight", 16, 24), Random("hidden.bias", 16))
            .Then("relu2", new ReLU())
            .Then("logits", new Linear(16, 4), Random("logits.weight", 4, 16), Random("logits.bias", 4))
            .Build("tiny", Preprocessing.ImageNet with { InputSize = Size, ResizeShorterSide = Size });
    }
}
