using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Gradients;

/// <summary>Where ReLU rules apply in networks with other activations.</summary>
[TestClass]
public sealed class RuleActivationsTests
{
    [TestMethod]
    [DataRow("guided")]
    [DataRow("deconvnet")]
    [DataRow("guided-gradcam")]
    public void RuleThatAppliesNowhere_IsRefusedWithTheOption(string method)
    {
        InputException error = Assert.ThrowsExactly<InputException>(() => Explain(Smooth, method));

        Assert.Contains("none of the 4 activations on the way is one", error.Message);
        Assert.Contains("plain gradient", error.Message);
        Assert.Contains("option 'rule-activations' all applies it at silu too", error.Message);
    }

    [TestMethod]
    [DataRow("guided")]
    [DataRow("deconvnet")]
    public void All_IsTheGeneralisedRule(string method)
    {
        AttributionResult result = Explain(Smooth, method, "rule-activations", "all");

        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(Smooth, backend);
        AttributionRequest request = Requests.Of(explainer, method, new ClassTarget(1));
        TensorAssert.SameBits(request.Gradient(ReluRules.All.Find(method).WithSmooth), result.Values, "R·f'(x)·[R > 0] and its like");
        Assert.AreEqual("3 of 4 activations", Fact(result), "not at the gate");
        Assert.IsEmpty(result.Diagnosis);
    }

    [TestMethod]
    public void Rectifiers_FollowTheRuleByThemselves()
    {
        Network network = LayerNets.SqueezeExcite(ActivationFunctions.ReLU6, ActivationFunctions.Hardsigmoid);

        Assert.AreEqual("3 of 4 activations", Fact(Explain(network, "guided")));
        Assert.AreEqual("5 of 5 activations", Fact(Explain(LayerNets.Residual(), "guided")));
        Assert.IsFalse(Explain(network, "vanilla").Facts.Any(f => f.Name == "rule_applied_at"));
    }

    [TestMethod]
    public void SomeSmoothActivationsLeftOut_AreNamed()
    {
        Network network = Mixed();

        AttributionResult result = Explain(network, "guided");

        Assert.AreEqual("1 of 2 activations", Fact(result));
        Assert.AreEqual(
            "the rule R·[x>0]·[R>0] is applied at 1 of 2 activations; option 'rule-activations' all applies it at gelu too",
            result.Diagnosis.Single());
    }

    [TestMethod]
    public void OptionBesideTheTrueGradient_IsIdle()
    {
        AttributionMethod vanilla = AttributionCatalog.All.Find("vanilla"), guided = AttributionCatalog.All.Find("guided");
        var all = new Dictionary<string, string> { ["rule-activations"] = "all" };

        Assert.IsTrue(vanilla.Idle(vanilla.Configure(all)).Any(i => i.Option.Name == "rule-activations"));
        Assert.IsFalse(guided.Idle(guided.Configure(all)).Any(i => i.Option.Name == "rule-activations"));
    }

    [TestMethod]
    public void FullGrad_SaysWhatSmoothActivationsLeaveOpen()
    {
        AttributionResult result = Explain(Smooth, "fullgrad");

        Assert.IsTrue(result.Facts.Any(f => f.Name == "completeness_error"));
        Assert.Contains("which leave out what silu, sigmoid, multiply add", string.Join(' ', result.Diagnosis));
    }

    [TestMethod]
    public void FullGrad_AffineLayers_CountTheirShifts()
    {
        AttributionResult result = Explain(LayerNets.Dense(), "fullgrad");

        Assert.AreEqual(0, (double)result.Facts.Single(f => f.Name == "completeness_error").Value, 1e-4, "float32 sums");
    }

    private static Network Smooth => LayerNets.SqueezeExcite(ActivationFunctions.SiLU, ActivationFunctions.Sigmoid);

    private static Network Mixed()
    {
        var random = new Gaussian(3);
        NetworkBuilder b = TinyNets.Add(
            new NetworkBuilder(3), "conv", new Conv2d(3, 5, Window.Square(3)), random);
        b.Then("relu", new ReLU()).Then("gelu", Activation.Of(ActivationFunctions.GELU))
            .Then("flat", new Flatten());
        return TinyNets.Add(b, "fc", new Linear(5 * 36, 7), random).Build(
            "mixed", new Preprocessing { InputSize = 8 });
    }

    private static AttributionResult Explain(Network network, string method, params string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        return AttributionCatalog.All.Find(method).Explain(Requests.Of(explainer, method, new ClassTarget(1), options));
    }

    private static string Fact(AttributionResult result) => (string)result.Facts.Single(f => f.Name == "rule_applied_at").Value;
}
