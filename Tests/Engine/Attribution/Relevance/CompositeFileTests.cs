using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Relevance;

[TestClass]
public sealed class CompositeFileTests
{
    private const string Upper = """{ "kind": "linear", "rule": "epsilon" }""";

    /// <summary>Every composite that has a name, written as a file.</summary>
    private static readonly Dictionary<string, string> s_restated = new()
    {
        ["epsilon-gamma-box"] = $$"""{"rules":[{"first":"conv2d","rule":"z-box"},{"kind":"conv2d","rule":"gamma"},{{Upper}}]}""",
        ["epsilon-plus"] = $$"""{"rules":[{"kind":"conv2d","rule":"z-plus"},{{Upper}}]}""",
        ["epsilon-alpha2-beta1"] = $$"""{"rules":[{"kind":"conv2d","rule":"alpha-beta"},{{Upper}}]}""",
        ["epsilon-plus-flat"] = $$"""{"rules":[{"first":["conv2d","linear"],"rule":"flat"},{"kind":"conv2d","rule":"z-plus"},{{Upper}}]}""",
        ["epsilon-alpha2-beta1-flat"] = """{"base":"epsilon-alpha2-beta1","rules":[{"first":"conv2d","rule":"flat"}]}""",
        ["epsilon"] = """{"rules":[{"kind":["conv2d","linear"],"rule":"epsilon"},{"kind":"adaptive_avgpool2d","rule":"norm"}]}""",
        ["gamma"] = """{"rules":[{"kind":["conv2d","linear"],"rule":"gamma"}]}""",
        ["z-plus"] = """{"rules":[{"kind":["conv2d","linear"],"rule":"z-plus","bias":true}]}""",
        ["alpha2-beta1"] = """{"rules":[{"kind":["conv2d","linear"],"rule":"alpha-beta","alpha":2}]}""",
        ["flat"] = """{"rules":[{"kind":["conv2d","linear"],"rule":"flat"}]}""",
    };

    private static readonly AttributionMethod Lrp = AttributionCatalog.All.Find("lrp");

    private static IEnumerable<object[]> Named => Lrp.Options[0].Choices.SelectMany(c => new object[][] { [c, "vgg"], [c, "diamond"] });

    [TestMethod]
    [DynamicData(nameof(Named))]
    public void File_ThatRestatesANamedComposite_GivesItsBits(string name, string network)
    {
        Network net = network == "vgg" ? TinyNets.Vgg() : TinyNets.Diamond();
        string[] values = ["epsilon", "0.01", "gamma", "0.5"];

        float[] named = Explain(net, "lrp", ["composite", name, .. values]).Values;
        float[] restated = Explain(net, "lrp", ["composite", s_restated[name], .. values]).Values;

        TensorAssert.SameBits(named, restated, s_restated[name]);
    }

    [TestMethod]
    public void File_ThatRestatesDeepTaylor_GivesItsBits()
    {
        const string File = """{"rules":[{"first":"conv2d","rule":"z-box"},{"kind":["conv2d","linear"],"rule":"z-plus","bias":false}]}""";

        float[] restated = Explain(TinyNets.Vgg(), "lrp", "composite", File).Values;

        TensorAssert.SameBits(Explain(TinyNets.Vgg(), "deep-taylor").Values, restated, File);
    }

    [TestMethod]
    public void Parameters_OfTheFile_WinOverTheOptions()
    {
        const string File = """{"rules":[{"kind":"conv2d","rule":"gamma","gamma":0.5},{"kind":"linear","rule":"epsilon","epsilon":1}]}""";

        AttributionResult found = Explain(TinyNets.Vgg(), "lrp", "composite", File, "gamma", "7", "epsilon", "7");

        TensorAssert.SameBits(Explain(TinyNets.Vgg(), "lrp", "composite", File).Values, found.Values, "what the file says holds");
        Assert.AreEqual(
            "gamma(0.5): conv0_0, conv0_1, conv1_0, conv1_1, conv2_0, conv2_1; epsilon(1): fc0, fc1",
            found.Facts.Single(f => f.Name == "rules").Value);
        CollectionAssert.AreEqual((string[])["epsilon", "gamma"], Lrp.Idle(found.Options).Select(i => i.Option.Name).ToArray());
        CollectionAssert.AreEqual((string[])["epsilon"], Lrp.Idle(Configure(s_restated["gamma"])).Select(i => i.Option.Name).ToArray());
    }

    [TestMethod]
    public void Text_OfAnOption_IsTheContentAndReadAgain()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["mine.json"], "\uFEFF// mine\n{ \"rules\": [ /**/ { \"name\": \"*\", \"rule\": \"gamma\", \"gamma\": 1e-1, } ], }\n");

        Dictionary<string, string> texts = Configure(folder["mine.json"]).Texts.ToDictionary();

        Assert.AreEqual("""{"rules":[{"name":"*","rule":"gamma","gamma":1e-1}]}""", texts["composite"]);
        CollectionAssert.AreEqual(texts, Lrp.Configure(texts).Texts.ToDictionary());
    }

    [TestMethod]
    public void Sample_IsAComposite_AndServesVgg16ByDepth()
    {
        Composite composite = Composite.Parse(Repository.PathOf("samples", "composite.json"));

        Network network = VggNets.Make(16, 32);

        Assert.AreEqual("vgg16-by-depth", composite.Name);
        IEnumerable<string> rules = from node in network.Nodes
                                    where node.Weights.Length > 0
                                    group node.Name.Split('.')[1] by $"{composite.In(network)[node.Id]}" into same
                                    select $"{same.Key}: {string.Join(' ', same)}";
        Assert.AreEqual(
            "z-box: 0; gamma(0.25): 2 5 7 10 12 14; epsilon(0.25): 17 19 21 24 26 28; epsilon(1E-06): 0 3 6", string.Join("; ", rules));
    }

    [TestMethod]
    [DataRow("nothing", "expected one of epsilon-gamma-box, epsilon-plus,", "or a JSON file of rules; there is no such file")]
    [DataRow("{", "not JSON, line 1: ", "Expected { \"rules\": [ … ] }")]
    [DataRow("{\"rules\":[],\"rules\":[]}", "not JSON", "rules")]
    [DataRow("{}", "the composite: \"rules\" is missing, expected a list of at least one rule")]
    [DataRow("{\"rules\":[]}", "the composite: \"rules\" is an empty list, expected a list of at least one rule")]
    [DataRow("{\"rules\":{}}", "the composite: \"rules\" is an object, expected a list")]
    [DataRow("{\"rulez\":[]}", "the composite: unknown field \"rulez\": expected name, base, rules")]
    [DataRow("{\"name\":3,\"rules\":[1]}", "the composite: \"name\" is 3, expected a text")]
    [DataRow("{\"base\":\"epsilom\",\"rules\":[1]}", "the composite: base: unknown composite 'epsilom': expected one of epsilon-gamma-box")]
    [DataRow("{\"rules\":[1]}", "rule 1: is 1, expected an object { … }")]
    public void Find_WhatIsNoComposite_SaysWhereAndWhatWasExpected(string text, params string[] parts)
    {
        InputException error = Assert.ThrowsExactly<InputException>(() => Composite.Parse(text));

        Assert.DoesNotContain('\n', error.Message);
        foreach (string part in parts)
        {
            Assert.Contains(part, error.Message);
        }
    }

    [TestMethod]
    [DataRow("'kind':'conv2d'", "has no \"rule\": expected one of epsilon, gamma, z-plus")]
    [DataRow("'kind':'conv2d','rule':'gama'", "unknown rule 'gama': expected one of epsilon, gamma")]
    [DataRow("'kind':'conv2d','rule':'gamma','epsilon':1", "unknown field \"epsilon\": expected name, kind, first, last, rule, gamma,")]
    [DataRow("'kind':'conv2d','rule':'gamma','gamma':-1", "\"gamma\" is -1, expected a number from 0 to 1000000")]
    [DataRow("'kind':'conv2d','rule':'gamma','gamma':1e999", "\"gamma\" is 1e999, expected a number from 0")]
    [DataRow("'kind':'conv2d','rule':'alpha-beta','alpha':0.5", "\"alpha\" is 0.5, expected a number from 1")]
    [DataRow("'kind':'conv2d','rule':'epsilon','epsilon':'1'", "\"epsilon\" is \"1\", expected a number")]
    [DataRow("'kind':'conv2d','rule':'epsilon','bias':0", "\"bias\" is 0, expected true or false")]
    [DataRow("'kind':7,'rule':'epsilon'", "\"kind\" is 7, expected a text or a list of texts")]
    [DataRow("'kind':[],'rule':'epsilon'", "\"kind\" is an empty list")]
    [DataRow("'rule':'epsilon'", "takes no layers: expected \"name\", \"kind\", \"first\" or \"last\"")]
    public void Find_WrongRule_IsSaidByItsNumber(string rule, string expected)
    {
        string text = $"{{ \"rules\": [ {Upper}, {{ {rule.Replace('\'', '"')} }} ] }}";

        Assert.StartsWith($"rule 2: {expected}", Assert.ThrowsExactly<InputException>(() => Composite.Parse(text)).Message);
    }

    [TestMethod]
    public void Find_FilesTooLargeOrDeep_AreRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["large.json"], $"{{{new string(' ', 300_000)}}}");
        File.WriteAllText(folder["deep.json"], $"{{\"rules\":{new string('[', 2000)}");
        File.WriteAllText(folder["many.json"], $"{{\"rules\":[{string.Join(',', Enumerable.Repeat(Upper, 257))}]}}");

        (string File, string Expected)[] cases =
        [
            (folder["large.json"], "longer than 262144 characters"),
            (folder["deep.json"], "not JSON"),
            (folder["many.json"], "257 rules, expected at most 256"),
            (folder.Root, "is a folder, expected a JSON file of rules"),
        ];
        foreach ((string file, string expected) in cases)
        {
            Assert.Contains(expected, Assert.ThrowsExactly<InputException>(() => Composite.Parse(file)).Message);
        }
    }

    [TestMethod]
    [DataRow("z-plus", 4 / 5.0, 0)]
    [DataRow("gamma", 5 / 5.25, -1 / 5.25)]
    public void Pool_ByRulesThatTellSignsApart_HasWeightsAboveZero(string rule, double first, double second)
    {
        // The values 4, −1, 0, 1 of a channel have the mean 1: z⁺ shares it as 4 : 0 : 0 : 1, gamma, which counts what is above zero 1.25
        // times, as 5 : −1 : 0 : 1.25.
        Network network = new NetworkBuilder(3).Then("pool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flat", new Flatten())
            .Build("pool", Preprocessing.ImageNet with { InputSize = 2 });
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        AttributionRequest request = Requests.Of(
            explainer, "lrp", new ClassTarget(0), "composite", $$"""{"rules":[{"kind":"adaptive_avgpool2d","rule":"{{rule}}"}]}""");

        NetworkInput input = request.Input with { Tensor = [4, -1, 0, 1, .. new float[8]] };
        float[] found = Lrp.Explain(request with { Input = input }).Values;

        Assert.AreEqual(first, found[0], 1e-5, "1e-6 in a denominator of about 1");
        Assert.AreEqual(second, found[1], 1e-5, "1e-6 in a denominator of about 1");
    }

    private static OptionValues Configure(string composite) => Lrp.Configure(new Dictionary<string, string> { ["composite"] = composite });

    private static AttributionResult Explain(Network network, string method, params string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        return AttributionCatalog.All.Find(method).Explain(Requests.Of(explainer, method, new ClassTarget(3), options));
    }
}
