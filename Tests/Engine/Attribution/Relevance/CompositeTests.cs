using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Attribution.Relevance.Rules;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Relevance;

[TestClass]
public sealed class CompositeTests
{
    public static IEnumerable<object[]> Selections =>
    [
        [LayerSelector.Name("features.21"), "features.21"],
        [LayerSelector.Name("features.2*").And(LayerSelector.Kind("relu")), "features.20 features.22 features.25 features.27 features.29"],
        [LayerSelector.Name("*.2", "avg*"), "features.2 avgpool classifier.2"],
        [LayerSelector.Name("features.2?").And(LayerSelector.Kind("Conv2d")), "features.21 features.24 features.26 features.28"],
        [LayerSelector.Name("Features.0"), ""],
        [LayerSelector.Kind("linear"), "classifier.0 classifier.3 classifier.6"],
        [LayerSelector.First("conv2d"), "features.0"],
        [LayerSelector.First("linear"), "classifier.0"],
        [LayerSelector.First("linear", "conv2d"), "features.0"],
        [LayerSelector.Last("conv2d"), "features.28"],
        [LayerSelector.Last("linear", "conv2d"), "classifier.6"],
        [LayerSelector.Last("maxpool2d"), "features.30"],
    ];

    [TestMethod]
    [DynamicData(nameof(Selections))]
    public void Selector_TakesTheLayers(LayerSelector selector, string expected)
    {
        Assert.AreEqual(expected, Taken(VggNets.Make(16, 32), selector), $"{selector}");
    }

    [TestMethod]
    public void FirstAndLast_OfANetworkWithBranches_AreThoseOfEveryPath()
    {
        Network network = TinyNets.Diamond();

        Assert.AreEqual("stem", Taken(network, LayerSelector.First("conv2d")));
        Assert.AreEqual("dead_end mix", Taken(network, LayerSelector.Last("conv2d")), "a branch that leads nowhere has its own");
        Assert.AreEqual("sum", Taken(network, LayerSelector.First("concat", "add")));
    }

    [TestMethod]
    public void In_OfTheRulesThatTakeALayer_TheFirstThatFitsWins()
    {
        Network network = VggNets.Make(16, 32);
        var composite = new Composite(
            "mine",
            new RuleFor(LayerSelector.Name("features.28"), new FlatRule()),
            new RuleFor(LayerSelector.Name("features.2*"), new GammaRule(0.5)),
            new RuleFor(LayerSelector.All, new EpsilonRule(0.25)));

        Assert.AreEqual(
            "features.0 epsilon(0.25), features.1 pass, features.2 gamma(0.5), features.28 flat, features.29 pass, features.30 winner, "
            + "avgpool epsilon(0.25), flatten pass, classifier.6 epsilon(0.25)",
            Rules(
                composite,
                network,
                "features.0",
                "features.1",
                "features.2",
                "features.28",
                "features.29",
                "features.30",
                "avgpool",
                "flatten",
                "classifier.6"));
        Assert.IsNull(composite.In(network)[0], "the image");

        Composite other = composite.With(new RuleFor(LayerSelector.Last("conv2d"), new ZPlusRule()));
        string rules = Rules(other, network, "features.28", "features.26");
        Assert.AreEqual("features.28 z-plus, features.26 gamma(0.5)", rules, "the flat rule serves none now");
    }

    [TestMethod]
    [DataRow("name features.99", "selects no layer of vgg16, whose layers are of the kinds conv2d, relu, maxpool2d, adaptive_avgpool2d,")]
    [DataRow("name features.1", "gamma(0.25) is no rule for relu (features.1), expected conv2d, adaptive_avgpool2d, linear")]
    [DataRow("name features.0", "serves no layer, for the first match wins and rules before it take features.0; move it up or take it out")]
    public void In_RuleThatServesNoLayer_SaysWhy(string selector, string reason)
    {
        var composite = new Composite(
            "mine",
            new RuleFor(LayerSelector.Kind("conv2d", "linear"), new EpsilonRule()),
            new RuleFor(LayerSelector.Name(selector.Split(' ')[1]), new GammaRule()));

        InputException error = Assert.ThrowsExactly<InputException>(() => composite.In(VggNets.Make(16, 32)));

        Assert.StartsWith($"composite mine, rule 2 ({selector}: gamma(0.25)): {reason}", error.Message);
    }

    [TestMethod]
    public void Explain_LayerThatNoRuleTakes_IsNamed_ButOnlyOnTheWay()
    {
        var composite = new Composite("mine", new RuleFor(LayerSelector.Kind("conv2d"), new ZPlusRule()));
        Network network = TinyNets.Vgg();

        InputException error = Assert.ThrowsExactly<InputException>(() => Explain(network, composite, new ClassTarget(1)));

        Assert.AreEqual(
            """
            composite mine: no rule takes layer 'fc1' (linear); add one, such as { "kind": "linear", "rule": "epsilon" }, or a "base"
            """,
            error.Message);
        Assert.IsNotEmpty(Explain(network, composite, new UnitTarget(network.Find("conv1_1"), 0)).Values);
    }

    [TestMethod]
    public void ZBox_AboveTheFirstLayer_IsRefused()
    {
        var composite = new Composite(
            "mine",
            new RuleFor(LayerSelector.Kind("conv2d"), new ZBoxRule()),
            new RuleFor(LayerSelector.Kind("linear"), new EpsilonRule()));

        InputException error = Assert.ThrowsExactly<InputException>(() => Explain(TinyNets.Vgg(), composite, new ClassTarget(1)));

        Assert.StartsWith(
            "composite mine: z-box at layer 'conv0_1' bounds pixels by black and white, expected a layer that reads the image",
            error.Message);
    }

    [TestMethod]
    public void Parse_OfAName_TakesEpsilonAndGamma()
    {
        Composite composite = Composite.Parse("epsilon-gamma-box", epsilon: 0.125, gamma: 0.5);

        string rules = Rules(composite, TinyNets.Vgg(), "conv0_0", "conv0_1", "avgpool", "fc0");

        Assert.AreEqual("conv0_0 z-box, conv0_1 gamma(0.5), avgpool norm, fc0 epsilon(0.125)", rules);
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(double.NaN)]
    public void Rules_ParametersOutOfRange_AreRefused(double value)
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EpsilonRule(value));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new GammaRule(value));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AlphaBetaRule(value));
    }

    private static string Taken(Network network, LayerSelector selector) =>
        string.Join(' ', network.Nodes.Skip(1).Where(n => selector.Takes(network, n)).Select(n => n.Name));

    private static string Rules(Composite composite, Network network, params string[] layers) =>
        string.Join(", ", layers.Select(l => $"{l} {composite.In(network)[network.Find(l).Id]}"));

    private static AttributionResult Explain(Network network, Composite composite, Target target)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        var method = new LrpMethod(composite);
        return method.Explain(Requests.Of(explainer, method, target));
    }
}
