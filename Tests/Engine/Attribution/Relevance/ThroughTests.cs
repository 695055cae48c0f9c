using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Engine.Attribution.Matrix;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Relevance;

/// <summary>The option <c>through</c>: what is kept, what is left out, and what it is refused for.</summary>
[TestClass]
public sealed class ThroughTests
{
    /// <summary>Float32 sums, relative to the size of what is added.</summary>
    private const double Tolerance = 1e-5;

    private static readonly (string Name, Func<Network> Make)[] s_networks =
    [
        ("vgg", () => TinyNets.Vgg()), ("inception", TinyNets.Diamond), ("residual", TinyNets.Residual), ("mobile", TinyNets.Mobile),
        ("dense", () => LayerNets.Dense()), ("squeeze", () => LayerNets.Blocks.First(b => b.Key.Contains("squeeze", Case)).Value()),
    ];

    /// <summary>Networks whose branches all carry relevance; a gate carries none.</summary>
    private static readonly string[] s_carrying = ["inception", "residual", "dense"];

    private const StringComparison Case = StringComparison.OrdinalIgnoreCase;

    public static IEnumerable<object[]> Cases =>
        from network in s_networks
        from question in (string[])["lrp epsilon-gamma-box", "lrp epsilon-plus-flat", "lrp epsilon", "deeplift", "deep-taylor"]
        select new object[] { network.Name, question };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void EveryChannelOfEveryLayer_AddsUpToTheLayer(string name, string question)
    {
        Network network = s_networks.First(n => n.Name == name).Make();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        string[] parts = question.Split(' ');
        string[] more = parts.Length > 1 ? ["composite", parts[1]] : [];
        float[] Explain(string through) => Run(explainer, parts[0], [.. more, "through", through]).Values;
        float[] whole = Explain("all");
        Node[] layers = [.. network.Nodes.Where(n => n.Id > 0 && n.Id < network.Output.Id && GraphPaths.Lead(network, n, network.Output))];
        int around = 0;
        foreach (Node layer in layers.Where((_, i) => i % 4 == 1))
        {
            float[] all = Explain($"{layer.Name}:all");
            if (GraphPaths.AllPass(network, layer, network.Output))
            {
                TensorAssert.SameBits(whole, all, $"every path leads through {layer.Name}");
            }
            else
            {
                around++;
                Assert.IsTrue(
                    !s_carrying.Contains(name) || TensorAssert.RelativeL2(Doubles(whole), Doubles(all)) > 1e-3,
                    $"paths lead around {layer.Name}");
            }

            int count = network.OwnShapes[layer.Id][1];
            if (count <= 40)
            {
                float[][] each = [.. Enumerable.Range(0, count).Select(k => Explain($"{layer.Name}:{k}"))];
                AddUp(all, each, layer.Name);
            }
        }

        Assert.IsTrue(around > 0 || !s_carrying.Contains(name), "networks with branches have layers that paths lead around");
    }

    [TestMethod]
    public void BranchesThatAreJoined_AddUpToEverything()
    {
        // The inputs of a concatenation, none of which reads another: every path leads through exactly one.
        MatrixNetwork row = MatrixNetwork.Find("narrow googlenet");
        Network network = row.Make();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        Node join = network.Nodes.Last(n => n.Layer is Concat && GraphPaths.AllPass(network, n, network.Output));
        Assert.HasCount(4, join.Inputs);
        AttributionMethod lrp = AttributionCatalog.All.Find("lrp");
        float[] Explain(string through) => lrp.Explain(new AttributionRequest(
            explainer, row.Photo(network), new ClassTarget(1),
            lrp.Configure(new Dictionary<string, string> { ["through"] = through, ["composite"] = "epsilon-plus" }))).Values;

        AddUp(Explain("all"), [.. join.Inputs.Select(i => Explain($"{network.Nodes[i].Name}:all"))], join.Name);
    }

    [TestMethod]
    public void WorkedExample_KeepsOneHiddenUnit()
    {
        // z = 2·h0 + 3·h1 with h = ReLU(W x), W = [[1, 2], [4, −1]], x = (1, 2): h = (5, 2), z = 16. By epsilon, R_h = (10, 6); unit 1
        // hands (4·1, −1·2)/2·6 = (12, −6) to the inputs.
        var builder = new NetworkBuilder(2).Then("row", new Flatten());
        builder.Then("hidden", new Linear(2, 2, Bias: false), Weight.FromValues("w", new Shape(2, 2), [1, 2, 4, -1]));
        builder.Then("relu", new ReLU());
        Network network = builder.Then("out", new Linear(2, 1, Bias: false), Weight.FromValues("v", new Shape(1, 2), [2, 3]))
            .Build("worked", new Preprocessing { InputSize = 1 });
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        AttributionMethod lrp = AttributionCatalog.All.Find("lrp");
        var input = new NetworkInput("two", new RgbImage(1, 1, new byte[3]), [1, 2], "");

        AttributionResult result = lrp.Explain(new AttributionRequest(explainer, input, new ClassTarget(0), lrp.Configure(
            new Dictionary<string, string> { ["composite"] = "epsilon", ["through"] = "hidden:1" })));

        TensorAssert.RelativeL2([12, -6], result.Values, 1e-5, "stabilisers of 1e-6");
        Assert.AreEqual(16, Fact(result, "layer_relevance"), 1e-4);
        Assert.AreEqual(6, Fact(result, "through_relevance"), 1e-4);
        Assert.AreEqual(6 / 16.0, Fact(result, "through_share"), 1e-6);
        Assert.IsFalse((bool)result.Facts.Single(f => f.Name == "paths_around_layer").Value);
    }

    [TestMethod]
    public void DeepLift_ThroughChannels_IsTheirShareOfTheDifference()
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);

        AttributionResult result = Run(explainer, "deeplift", "through", "relu1_1:2,5");

        double size = result.Values.Sum(v => Math.Abs((double)v));
        Assert.AreEqual(Fact(result, "through_relevance"), result.Values.Sum(v => (double)v), 1e-4 * size, "the channels' own differences");
        Assert.IsLessThan(1e-4 * size, Fact(result, "completeness_error"));
        double whole = Fact(Run(explainer, "deeplift", "through", "relu1_1:all"), "through_relevance");
        AttributionResult plain = Run(explainer, "deeplift");
        Assert.AreEqual(plain.Score - Fact(plain, "baseline_score"), whole, 1e-4 * Math.Abs(whole), "all of them: the target's difference");
    }

    [TestMethod]
    public void Threads_GiveTheSameBits()
    {
        Network network = TinyNets.Diamond();
        string layer = network.Nodes.First(n => n.Layer is ReLU && network.OwnShapes[n.Id].Rank == 4).Name;
        float[][] values = [.. new[] { 1, 3 }.Select(threads =>
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = threads });
            using var explainer = new Explainer(network, backend);
            return Run(explainer, "lrp", "through", $"{layer}:1,3").Values;
        })];

        TensorAssert.SameBits(values[0], values[1], "threads");
    }

    [TestMethod]
    [DataRow("nowhere:1", "has no layer 'nowhere'")]
    [DataRow("relu1_1:99", "'99' is no channel of relu1_1, expected numbers and ranges from 0 to 16")]
    [DataRow("relu1_1:3-1", "'3-1' is no channel")]
    [DataRow("relu1_1:", "'' is no channel")]
    [DataRow("relu1_1", "expected a layer and channels of it, LAYER:K[,K...]")]
    [DataRow("relu1_1:2,2", "channel 2 stands there twice")]
    [DataRow("input:1", "that is the image itself")]
    public void Nonsense_IsRefusedInOneLine(string through, string message)
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);

        InputException error = Assert.ThrowsExactly<InputException>(() => Run(explainer, "lrp", "through", through));

        Assert.Contains(message, error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    [TestMethod]
    public void LayersThatTheTargetDoesNotDependOn_AreRefused()
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        AttributionMethod lrp = AttributionCatalog.All.Find("lrp");
        AttributionRequest request = Requests.Of(explainer, lrp, new UnitTarget(network.Find("relu1_1"), 0), "through", "relu2_1:0");

        InputException error = Assert.ThrowsExactly<InputException>(() => lrp.Explain(request));

        Assert.Contains("the channel relu1_1:0 does not depend on it", error.Message);
    }

    [TestMethod]
    public void ChannelsWithoutRelevance_AreAnEmptyMapThatIsExplained()
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        string hidden = network.Nodes.Last(n => n.Layer is ReLU).Name;
        int units = network.OwnShapes[network.Find(hidden).Id][1];
        AttributionResult[] each = [.. Enumerable.Range(0, units).Select(k => Run(explainer, "lrp", "through", $"{hidden}:{k}"))];

        AttributionResult dead = each.First(r => r.Values.All(v => v == 0));

        Assert.HasCount(1, dead.Diagnosis);
        Assert.Contains($"map is empty: nothing of the target arrives at these channels of {hidden}", dead.Diagnosis[0]);
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, v => (double)v);

    private static double Fact(AttributionResult result, string name) =>
        Convert.ToDouble(result.Facts.Single(f => f.Name == name).Value, System.Globalization.CultureInfo.InvariantCulture);

    private static AttributionResult Run(Explainer explainer, string method, params string[] options)
    {
        AttributionRequest request = Requests.Of(explainer, method, new ClassTarget(1), options);
        return AttributionCatalog.All.Find(method).Explain(request);
    }

    private static void AddUp(float[] all, float[][] parts, string what)
    {
        double off = 0, size = 0;
        for (int i = 0; i < all.Length; i++)
        {
            double sum = parts.Sum(p => (double)p[i]);
            off += (sum - all[i]) * (sum - all[i]);
            size += Math.Max((double)all[i] * all[i], parts.Sum(p => (double)p[i] * p[i]));
        }

        Assert.IsLessThanOrEqualTo(Tolerance, Math.Sqrt(off / Math.Max(size, 1e-30)), what);
    }
}
