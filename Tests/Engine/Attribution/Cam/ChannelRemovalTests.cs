using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Engine.Attribution.Matrix;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Attribution.Cam;

/// <summary>Scores without one channel after another: differences at the first linear layer against a run of all layers for each.</summary>
[TestClass]
public sealed class ChannelRemovalTests
{
    public static IEnumerable<(string, string)> NetworksAndTargets =>
        from network in MatrixNetwork.All from target in MatrixTargets.All.Keys select (network.Name, target);

    [TestMethod]
    [DynamicData(nameof(NetworksAndTargets))]
    public void Scores_ByDifferences_AreThoseOfAllLayersRunAgain(string shape, string kind)
    {
        MatrixNetwork row = MatrixNetwork.Find(shape);
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(row.Make(), backend);
        NetworkInput photo = row.Photo(explainer.Network);
        Target? target = MatrixTargets.All[kind](explainer.Network, 0);
        if (target is null || Maps(explainer, photo, target) is not { } maps)
        {
            return;
        }

        Node node = target.NodeIn(explainer.Network);
        int[] channels = [.. Enumerable.Range(0, Math.Min(maps.Channels, 12))];

        double[] again = new ChannelRemoval(maps, node, rerun: true).Scores(channels);
        double[] found = new ChannelRemoval(maps, node, rerun: false).Scores(channels);

        // Both are scores of the same float32 network: sums of up to a few thousand products, whose parts may be larger than what is left.
        double size = again.Max(Math.Abs);
        for (int i = 0; i < again.Length; i++)
        {
            Assert.AreEqual(again[i], found[i], 2e-5 * Math.Max(size, 1e-3), $"score {i} of {found.Length}: float32 sums in another order");
        }
    }

    [TestMethod]
    [DataRow("rerun")]
    [DataRow("differences")]
    public void Scores_OfTheBundledNetwork_AreWithinRoundingOfTheReference(string way)
    {
        Network network = ModelStore.Load(ModelStore.DefaultModel);
        using var cpu = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, cpu);
        NetworkInput photo = NetworkInput.Read(Repository.PathOf("Cli", "photos", "chelsea.png"), network)[0];
        FeatureMaps maps = Maps(explainer, photo, new ClassTarget(30))!;
        using var reference = new ReferenceBackend();
        using var exact = new Explainer(network, reference);
        int[] channels = [0, 17, 100, 511];

        double[] found = new ChannelRemoval(maps, network.Output, way == "rerun").Scores(channels);

        AttributionRequest request = maps.Request with { Explainer = exact };
        double[] expected = new ChannelRemoval(
            new FeatureMaps(request, maps.Layer, maps.Shape, maps.Activation.ToArray(), []), network.Output, rerun: true).Scores(channels);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], found[i], 4e-6 * Math.Abs(expected[0]), $"score {i}: float32 behind the maps, float64 there");
        }
    }

    [TestMethod]
    public void Scores_InSeveralParts_AreTheSame()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(TinyNets.Vgg(), backend);
        var target = new ClassTarget(3);
        FeatureMaps maps = Maps(explainer, Requests.RandomInput(explainer.Network, 1), target)!;
        int[] channels = [.. Enumerable.Range(0, maps.Channels)];
        Node node = target.NodeIn(explainer.Network);
        var whole = new ChannelRemoval(maps, node, rerun: false);
        Assert.IsNotNull(whole.Linear);

        CollectionAssert.AreEqual(
            whole.Scores(channels), new ChannelRemoval(maps, node, rerun: false, mostValues: 1).Scores(channels), "one channel at a time");
        CollectionAssert.AreEqual(whole.Scores([])[..1], whole.Scores(channels)[..1], "without any removal");
    }

    [TestMethod]
    public void Explain_BehindAPoolAndOneLinearLayer_RunsNothingForEachMap()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(CamNets.GlobalPooling(), backend);

        AttributionResult result = AttributionCatalog.All.Find("ablationcam").Explain(
            Requests.Of(explainer, "ablationcam", new ClassTarget(1)));

        Assert.AreEqual("fc", result.Facts.Single(f => f.Name == "differences_at").Value);
        Assert.AreEqual(0, result.Facts.Single(f => f.Name == "layers_run_for_each").Value);
    }

    [TestMethod]
    [DataRow("resnet18", "fc")]
    [DataRow("densenet121", "classifier")]
    [DataRow("mobilenet_v2", "classifier.1")]
    [DataRow("mobilenet_v3_small", "classifier.0")]
    [DataRow("convnext", null)]
    [DataRow("squeezenet1_1", null)]
    public void Behind_TheLastMapsOfAFamily_EndsAtItsFirstLinearLayer(string name, string? linear)
    {
        Network network = TorchvisionGolden.Load(name);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        FeatureMaps maps = Maps(explainer, MatrixNetwork.Find($"narrow {name}").Photo(network), new ClassTarget(0))!;

        Assert.AreEqual(linear, ChannelChain.Behind(network, maps.Layer, network.Output).Linear?.Name);
    }

    [TestMethod]
    public void Behind_ALayerThatTwoLayersRead_IsItself()
    {
        Network network = TinyNets.Diamond();
        Node split = network.Nodes.First(n => n.Id > 0 && network.Nodes.Count(r => r.Inputs.Contains(n.Id)) > 1);

        Assert.AreEqual(new ChannelChain(split, null), ChannelChain.Behind(network, split, network.Output));
    }

    [TestMethod]
    public void EstimatedWork_OfTheBundledNetwork_IsThatOfTheLayersBehind()
    {
        Network network = ModelStore.Load(ModelStore.DefaultModel);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        AttributionMethod method = AttributionCatalog.All.Find("ablationcam");

        Assert.AreEqual(new Work(2, 0), method.EstimatedWork(Requests.Of(explainer, method, new ClassTarget(0))));
        Assert.AreEqual(15_346_630_656 + (512 * 1024) + (1024 * 200), new Multiplications(network, (224, 224)).All);
    }

    private static FeatureMaps? Maps(Explainer explainer, NetworkInput photo, Target target)
    {
        var request = new AttributionRequest(explainer, photo, target, AttributionCatalog.All.Find("ablationcam").Configure());
        Node[] layers;
        try
        {
            layers = [.. CamLayers.Of(request).Nodes];
        }
        catch (Interp.Engine.Common.InputException)
        {
            return null;
        }

        Session session = request.Forward(layers);
        return new FeatureMaps(request, layers[0], session.ShapeOf(layers[0]), session.Activation(layers[0]), []);
    }
}
