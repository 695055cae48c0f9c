using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Relevance;

[TestClass]
public sealed class ExcitationBackpropTests
{
    private static readonly AttributionMethod Method = AttributionCatalog.All.Find("excitation-backprop");

    [TestMethod]
    public void Excitation_Probabilities_StayOneAndAreNeverNegative()
    {
        AttributionResult result = Explain(TinyNets.Vgg(), new ClassTarget(2));

        Assert.AreEqual(1, (double)Fact(result, "probability_at_layer"), 1e-4, "stabilisers of 1e-6 beside excitations of order 1");
        Assert.IsTrue(result.Values.All(p => p >= 0));
        Assert.AreEqual(new Shape(1, 32, 32), result.Shape);
    }

    [TestMethod]
    public void Excitation_LayerOfItsOwnChoice_IsTheFirstAtAnEighthOfTheImage()
    {
        AttributionResult result = Explain(TinyNets.Vgg(), new ClassTarget(2));

        Assert.AreEqual("pool2", Fact(result, "layer"), "the third pool");
        Assert.AreEqual(new Shape(1, 4, 4), result.Arrays.Single().Shape);
    }

    [TestMethod]
    [DataRow("input")]
    [DataRow("relu0_1")]
    [DataRow("pool1")]
    public void Excitation_AnyLayer_KeepsTheSum(string layer)
    {
        AttributionResult result = Explain(TinyNets.Vgg(), new ClassTarget(0), "layer", layer);
        Assert.AreEqual((double)Fact(result, "probability_at_layer"), result.Arrays.Single().Values.Sum(v => (double)v), 1e-5,
            "sum over channels");
        Assert.IsLessThanOrEqualTo(1.0001, (double)Fact(result, "probability_at_layer"));
    }

    [TestMethod]
    public void Excitation_Contrastive_KeepsWhatIsAboveZeroAndDiffersByClass()
    {
        AttributionResult one = Explain(TinyNets.Vgg(), new ClassTarget(0), "contrastive", "true");
        AttributionResult two = Explain(TinyNets.Vgg(), new ClassTarget(1), "contrastive", "true");

        Assert.IsTrue(one.Values.All(p => p >= 0));
        Assert.AreEqual(0, (double)Fact(one, "probability_at_layer"), 1e-4, "1 for the class less 1 for its dual");
        Assert.IsGreaterThan(0.1, TensorAssert.RelativeL2([.. one.Values.Select(v => (double)v)], [.. two.Values.Select(v => (double)v)]));
    }

    [TestMethod]
    [DataRow("flat", "expected a layer with maps")]
    [DataRow("dead_end", "does not depend on it")]
    [DataRow("nowhere", "no layer 'nowhere'")]
    public void Excitation_LayerThatCannotBeDrawn_IsAnInputError(string layer, string message)
    {
        InputException error = Assert.ThrowsExactly<InputException>(() => Explain(TinyNets.Diamond(), new ClassTarget(0), "layer", layer));
        Assert.Contains(message, error.Message);
    }

    [TestMethod]
    public void Excitation_LayerAboveTheTarget_IsAnInputError()
    {
        Network network = TinyNets.Vgg();
        var unit = new UnitTarget(network.Find("relu1_0"), 3);

        InputException error = Assert.ThrowsExactly<InputException>(() => Explain(network, unit, "layer", "pool2"));

        Assert.Contains("below 'relu1_0'", error.Message);
    }

    private static AttributionResult Explain(Network network, Target target, params string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        return Method.Explain(Requests.Of(explainer, Method, target, options));
    }

    private static object Fact(AttributionResult result, string name) => result.Facts.Single(f => f.Name == name).Value;
}
