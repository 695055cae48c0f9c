using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution;

[TestClass]
public sealed class DiagnosisTests
{
    [TestMethod]
    public void EmptyMap_DeadReLU_NamesTheLayer()
    {
        string said = Explain(Chain(bias: -1000), "vanilla").Single();

        Assert.StartsWith("map is empty", said);
        Assert.Contains("it ends at layer relu2 (relu)", said);
        Assert.Contains("none of its inputs is above 0", said);
    }

    [TestMethod]
    public void EmptyMap_NegativeGradientsUnderGuided_SaysWhichSignAndWhatToTry()
    {
        string said = Explain(Chain(bias: 1000, last: -1), "guided").Single();

        Assert.Contains("it ends at layer relu2 (relu)", said);
        Assert.Contains("all gradients from above are negative", said);
        Assert.Contains("option 'relu-rule' vanilla", said);
        Assert.StartsWith("map is constant: every value is -1", Explain(Chain(bias: 1000, last: -1), "vanilla").Single(),
            "the advice helps");
    }

    [TestMethod]
    public void EmptyMap_ZeroWeights_NamesTheLayerThatLetsNothingThrough() =>
        Assert.Contains("layer logits (linear): its weights let nothing through", Explain(Chain(bias: 1000, last: 0), "vanilla").Single());

    [TestMethod]
    public void NotFinite_InfiniteWeight_NamesTheFirstLayer() =>
        Assert.Contains("the activations of layer conv2 (conv2d) are the first",
        Explain(Chain(bias: 1, middle: float.PositiveInfinity), "grad-x-input").First());

    [TestMethod]
    public void NotFinite_BackwardOnly_NamesTheLayerWhereItBegins()
    {
        // Activations stay small since the first weights are, 1e25 · 1e-30 · 1e25; on the way back 1e25 · 1e25 overflows before it meets
        // them.
        string said = Explain(Chain(bias: 0, middle: 1e25f, last: 1e25f, first: 1e-30f, firstBias: 0), "vanilla").First();

        Assert.Contains("are not finite", said);
        Assert.Contains("the gradients at the output of layer relu1", said);
    }

    [TestMethod]
    public void Saturated_Probability_IsSaidWithTheNumberAndTheWayOut()
    {
        string[] said = Explain(Chain(bias: 1000, last: 1e-6f, gap: 14), "vanilla", new ClassTarget(0, Probability: true));

        string saturated = said.Single(d => d.StartsWith("the probability", StringComparison.Ordinal));
        Assert.Contains("saturated at 0.999999", saturated);
        Assert.Contains("without option 'probability'", saturated);
        Assert.IsEmpty(
            Explain(Chain(bias: 1000, last: 1e-6f, gap: 2), "vanilla", new ClassTarget(0, Probability: true)).Where(
            d => d.Contains("saturated", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("occlusion")]
    [DataRow("lrp")]
    public void EmptyMap_OfAMethodWithoutRule_NamesTheLayerAndNoOptionThatItHasNot(string method)
    {
        string said = Explain(Chain(bias: -1000), method).First();

        Assert.Contains("relu2", said);
        Assert.DoesNotContain("option 'relu-rule'", said);
    }

    private static string[] Explain(Network network, string method, Target? target = null)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        AttributionRequest request = Requests.Of(explainer, method, target ?? new ClassTarget(0));
        return [.. AttributionCatalog.All.Find(method).Explain(request).Diagnosis];
    }

    /// <summary>Two 1×1 convolutions with ReLUs and a linear layer, each with one weight and one bias; the second class has half the last
    /// weight.</summary>
    private static Network Chain(float bias, float middle = 1, float last = 1, float first = 1, float firstBias = 100, float gap = 0) =>
        new NetworkBuilder(3)
        .Then("conv1", new Conv2d(3, 1, Window.Square(1)), Weight.FromValues("w", new Shape(1, 3, 1, 1), [first, first, first]),
        Weight.FromValues("b", new Shape(1), [firstBias]))
        .Then("relu1", new ReLU())
        .Then("conv2", new Conv2d(1, 1, Window.Square(1)), Weight.FromValues("w", new Shape(1, 1, 1, 1), [middle]),
        Weight.FromValues("b", new Shape(1), [bias]))
        .Then("relu2", new ReLU())
        .Then("flatten", new Flatten())
        .Then("logits", new Linear(16, 2),
        Weight.FromValues("w", new Shape(2, 16), [.. Enumerable.Range(0, 32).Select(i => i < 16 ? last : last / 2)]),
        Weight.FromValues("b", new Shape(2), [gap, 0]))
        .Build("chain", new Preprocessing { InputSize = 4 });
}
