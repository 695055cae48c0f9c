using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Common;
using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Cpu;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Concepts.Relevance;

/// <summary>Concept relevance propagation as a library: sums, rankings, and the same numbers as the method's option.</summary>
[TestClass]
public sealed class ConceptRelevanceTests
{
    public static IEnumerable<object[]> Networks =>
        [["vgg"], ["diamond"], ["residual"], ["mobile"], ["dense"], ["grey"], ["oblong"]];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Maps_AtOnce_AreThoseOfTheOption_AndAddUp(string name) => With(name, 2, (explainer, input) =>
    {
        Node layer = Middle(explainer.Network);
        var relevance = new ConceptRelevance(explainer, layer, Composite.Parse("epsilon-plus"));
        ImageRelevance found = relevance.Explain(input, new ClassTarget(1));
        int channels = found.Channels.Shape[1];
        int[] first = [.. found.Channels.Ranking.Take(3)];

        ConditionalMaps maps = found.Decompose(first);
        ConditionalMaps every = found.Decompose([.. Enumerable.Range(0, channels)]);

        AttributionMethod lrp = AttributionCatalog.All.Find("lrp");
        for (int i = 0; i < first.Length; i++)
        {
            AttributionRequest one = Requests.Of(
                explainer, lrp, new ClassTarget(1), "composite", "epsilon-plus", "through", $"{layer.Name}:{first[i]}");
            float[] alone = lrp.Explain(one with { Input = input }).Values;
            TensorAssert.SameBits(alone, maps.Each[i], $"channel {first[i]} alone and with others");
            TensorAssert.SameBits(maps.Each[i], every.Each[first[i]], "whatever is walked with it");
        }

        Assert.IsLessThan(1e-5, maps.Residual, "float32 sums");
        Assert.IsLessThan(1e-5, every.Residual, "float32 sums");
        Assert.IsTrue(every.Others.All(v => v == 0), "no channel is left");
        Assert.AreEqual(found.Channels.Total, found.Channels.Sums.Sum(), 1e-12 * found.Channels.Absolute);
        Assert.AreEqual(1, Enumerable.Range(0, channels).Sum(k => Math.Abs(found.Channels.Share(k))), 1e-9, "shares of Σ|R|");
    });

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Threads_GiveTheSameBits(string name)
    {
        var maps = new List<float[]>();
        foreach (int threads in (int[])[1, 3])
        {
            With(name, threads, (explainer, input) =>
            {
                ImageRelevance found = new ConceptRelevance(explainer, Middle(explainer.Network)).Explain(input, new ClassTarget(0));
                maps.Add([.. found.Channels.Values, .. found.Maps([[0], [1]]).SelectMany(m => m)]);
            });
        }

        TensorAssert.SameBits(maps[0], maps[1], "threads");
    }

    [TestMethod]
    public void OtherTargets_FromTheSamePass_AreThoseOfTheirOwn() => With("vgg", 2, (explainer, input) =>
    {
        var relevance = new ConceptRelevance(explainer, explainer.Network.Find("relu2_0"));
        ImageRelevance found = relevance.Explain(input, new ClassTarget(1));

        IReadOnlyList<ChannelRelevance> others = found.For([new ClassTarget(3), new ClassTarget(5)]);

        TensorAssert.SameBits(relevance.Explain(input, new ClassTarget(3)).Channels.Values, others[0].Values, "class 3");
        TensorAssert.SameBits(relevance.Channels(input, new ClassTarget(5)).Values, others[1].Values, "class 5, without what is below");
        Assert.ThrowsExactly<InputException>(() => found.For([new UnitTarget(explainer.Network.Find("relu2_1"), 0)]));
    });

    [TestMethod]
    public void Ranking_PutsFirstWhatMadeUpTheValue_WhateverItsSign() => With("vgg", 1, (explainer, input) =>
    {
        float[] logits = explainer.Forward(input, [], CancellationToken.None).Logits();
        var relevance = new ConceptRelevance(explainer, explainer.Network.Find("relu2_0"));
        foreach (int c in (int[])[Array.IndexOf(logits, logits.Max()), Array.IndexOf(logits, logits.Min())])
        {
            ChannelRelevance found = relevance.Channels(input, new ClassTarget(c));
            double[] along = [.. found.Ranking.Select(k => found.Sums[k] * Math.Sign(logits[c]))];
            CollectionAssert.AreEqual(along.OrderDescending().ToArray(), along);
            Assert.AreEqual(logits[c], found.Start, 1e-6);
            Assert.IsGreaterThan(0, found.Share(found.Ranking[0]));
        }

        Assert.IsLessThan(0, logits.Min(), "one of the two is below zero");
    });

    [TestMethod]
    public void Shares_OfPhotos_AreTheirOwnTopClasss() => With("vgg", 2, (explainer, _) =>
    {
        var relevance = new ConceptRelevance(explainer, explainer.Network.Find("relu2_0"));
        NetworkInput[] photos = [.. Enumerable.Range(3, 4).Select(i => Requests.RandomInput(explainer.Network, (ulong)i))];

        (Shape shape, float[] values) = relevance.Shares(photos);

        for (int n = 0; n < photos.Length; n++)
        {
            float[] logits = explainer.Forward(photos[n], [], CancellationToken.None).Logits();
            ChannelRelevance own = relevance.Channels(photos[n], new ClassTarget(Array.IndexOf(logits, logits.Max())));
            for (int k = 0; k < shape[1]; k++)
            {
                double sum = UnitReading.Of(values, shape, n, k).Mean * shape[2] * shape[3];
                Assert.AreEqual(own.Share(k), sum, 1e-6, "a channel's share of the decision");
            }
        }
    });

    [TestMethod]
    public void Nonsense_IsRefused() => With("vgg", 1, (explainer, input) =>
    {
        Network network = explainer.Network;
        Assert.Contains("the image itself", Refused(() => _ = new ConceptRelevance(explainer, network.Input)));
        var relevance = new ConceptRelevance(explainer, network.Find("relu2_0"));
        UnitTarget below = new(network.Find("relu1_0"), 0);
        Assert.Contains("does not depend on it", Refused(() => relevance.Explain(input, below)));
        Assert.Contains("does not depend on it", Refused(() => relevance.Channels(input, below)));
        Assert.Contains("channel 99", Refused(() => relevance.Explain(input, new ClassTarget(0)).Maps([[1], [99]])));
        using var classless = new Explainer(ShapeNets.Embedding(), explainer.Backend);
        var embedding = new ConceptRelevance(classless, classless.Network.Nodes[1]);
        Assert.Contains("has no classes", Refused(() => embedding.Channels(Requests.RandomInput(classless.Network, 1))));

        static string Refused(Action action) => Assert.ThrowsExactly<InputException>(action).Message;
    });

    [TestMethod]
    [DataRow("epsilon-plus-flat")]
    [DataRow("epsilon-gamma-box")]
    [DataRow("epsilon-alpha2-beta1")]
    public void BundledNetwork_TheFirstChannelsAndAllOthers_AddUp(string composite)
    {
        Network network = ModelStore.Load(ModelStore.DefaultModel);
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        NetworkInput input = NetworkInput.Read(Repository.PathOf("Cli", "photos", "chelsea.png"), network)[0];
        var relevance = new ConceptRelevance(explainer, network.Find("features.28"), Composite.Parse(composite));

        ImageRelevance found = relevance.Explain(input, new ClassTarget(network.Labels.Find("tabby")));
        ConditionalMaps maps = found.Decompose([.. found.Channels.Ranking.Take(2)]);

        Assert.IsLessThan(1e-5, maps.Residual);
        Assert.IsFalse(found.PathsAround);
        AttributionMethod lrp = AttributionCatalog.All.Find("lrp");
        AttributionRequest whole = Requests.Of(explainer, lrp, new ClassTarget(network.Labels.Find("tabby")), "composite", composite);
        TensorAssert.SameBits(lrp.Explain(whole with { Input = input }).Values, maps.Whole, "every path leads through the layer");
    }

    [TestMethod]
    public void ImportedNetwork_ChannelsAddUp()
    {
        string folder = SharedFolder.Find("models/efficientnet-lite1");
        using var scratch = new TemporaryFolder();
        ModelConverter.Convert(new ConversionRequest(Directory.GetFiles(folder, "*.pth").Single(), scratch["model"]));
        Network network = ModelStore.Load(scratch["model"]);
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        NetworkInput input = NetworkInput.Read(Repository.PathOf("Cli", "photos", "chelsea.png"), network)[0];
        Node layer = network.Nodes.Last(n => n.Layer is Add);

        ImageRelevance found = new ConceptRelevance(explainer, layer).Explain(input, new ClassTarget(285));

        Assert.IsLessThan(1e-5, found.Decompose([.. found.Channels.Ranking.Take(3)]).Residual);
    }

    private static Node Middle(Network network)
    {
        Node[] nodes = [.. network.Nodes.Where(n => n.Layer is ReLU or Activation && network.OwnShapes[n.Id].Rank == 4)];
        return nodes[nodes.Length / 2];
    }

    private static void With(string name, int threads, Action<Explainer, NetworkInput> check)
    {
        Network network = name switch
        {
            "vgg" => TinyNets.Vgg(),
            "diamond" => TinyNets.Diamond(),
            "residual" => TinyNets.Residual(),
            "mobile" => TinyNets.Mobile(),
            "dense" => LayerNets.Dense(),
            "grey" => ShapeNets.Grey(),
            _ => ShapeNets.Oblong(),
        };
        using var backend = new CpuBackend(new CpuOptions { Threads = threads });
        using var explainer = new Explainer(network, backend);
        check(explainer, Requests.RandomInput(network, 1));
    }
}
