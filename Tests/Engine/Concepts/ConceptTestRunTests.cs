using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Concepts;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Concepts;

/// <summary>Concept tests through networks.</summary>
[TestClass]
public sealed class ConceptTestRunTests
{
    private static readonly ConceptTestOptions s_options = new() { Runs = 2, RandomConcepts = 19, HeldOut = 4, SetSize = 8, Threads = 2 };

    public static IEnumerable<object[]> Cases =>
    [
        ["vgg", "pool1", TinyNets.Vgg()], ["vgg", "fc0", TinyNets.Vgg()], ["mobile", "relu4", TinyNets.Mobile()],
        ["diamond", "sum_relu", TinyNets.Diamond()], ["residual", "sum3", TinyNets.Residual()], ["grey", "", ShapeNets.Grey()],
        ["oblong", "", ShapeNets.Oblong()], ["dense", "", LayerNets.Dense()], ["convnext", "", LayerNets.ConvNext()],
    ];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Sensitivities_AreThoseOfPlainLoops_OnEveryShape(string name, string layerName, Network network)
    {
        Node layer = layerName.Length > 0 ? network.Find(layerName)
            : network.Nodes.First(n => n.Id > 1 && network.OwnShapes[n.Id].Rank == 4);
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        foreach (FeaturePool pool in FeaturePool.All)
        {
            ConceptTestResult result = ConceptTest.Run(
                explainer, layer, [new ClassPhotos(1, Set("class", network, 100, 6))],
                [Set("a", network, 200, 8), Set("b", network, 300, 6)], Set("random", network, 400, 24), s_options with { Pool = pool });

            Assert.AreEqual(pool.Features(network.OwnShapes[layer.Id]), result.Features, name);
            Assert.AreEqual(24, result.RandomImages);
            (Shape shape, float[][] activations) = Plain(explainer, layer, 200, 8, gradient: false);
            (_, float[][] gradients) = Plain(explainer, layer, 100, 6, gradient: true);
            float[][] x = [.. activations.Select(a => Features(pool, a, shape, forGradient: false))];
            float[][] g = [.. gradients.Select(v => Features(pool, v, shape, forGradient: true))];
            ConceptVector vector = result.Concepts[0];
            Assert.AreEqual(8, vector.Images);
            for (int i = 0; i < 6; i++)
            {
                // The result has the mean over two unit vectors, the vector their mean made a unit: the same up to one factor.
                double s = Dot(g[i], vector.Values), half = result.Classes[0].Scores[0].Sensitivities[i];
                double factor = Math.Sqrt((1 + vector.Cosine) / 2);
                Assert.AreEqual(half, s * factor, 2e-4 * Math.Sqrt(Dot(g[i], g[i])), $"{name} {pool.Name}: float32 rounding");
            }

            Assert.AreEqual(x[0].Length, vector.Values.Length);
            Assert.AreEqual(shape[1], vector.Channels.Length);
        }
    }

    [TestMethod]
    public void LayersWithOnlyLinearOnesBehind_AreRefused_AndTheEarlierOneIsNamed()
    {
        Network network = TinyNets.Vgg();
        foreach (string layer in (string[])["relu_fc", "drop", "fc1"])
        {
            Assert.Contains("name an earlier layer, such as fc0", Refused(network, layer).Message, layer);
        }

        Assert.Contains("such as dilated", Refused(TinyNets.Mobile(), "relu6").Message, "a pool over the whole map is linear");
        Assert.Contains("is the image itself", Refused(network, network.Input.Name).Message);
        Assert.Contains("do not depend on it", Refused(TinyNets.Diamond(), "dead_end").Message);
        Assert.Contains("no other layer to test", Refused(TinyNets.Regression(4, 3), "flat").Message);
    }

    [TestMethod]
    public void GradientsOfOneDirection_AreNoticed_WhateverTheGraphSays()
    {
        float[] g = [1, 2, -3];
        Assert.AreEqual(0, LayerDegeneracy.Spread([g, [2, 4, -6], [0.5f, 1, -1.5f]]), 1e-7);
        Assert.AreEqual(Math.Sqrt(0.5), LayerDegeneracy.Spread([[1, 0], [0, 3]]), 1e-12);
        Assert.AreEqual(1, LayerDegeneracy.Spread([[0, 0], [0, 3]]), "one photo alone says nothing");
    }

    [TestMethod]
    public void Map_SumsToTheSensitivity_OfPooledFeaturesToo()
    {
        Network network = TinyNets.Vgg();
        Node layer = network.Find("relu1_1");
        using var backend = new CpuBackend();
        using var explainer = new Explainer(network, backend);
        NetworkInput photo = Requests.RandomInput(network, 100);
        (Shape shape, float[][] gradients) = Plain(explainer, layer, 100, 1, gradient: true);
        foreach (FeaturePool pool in FeaturePool.All)
        {
            ConceptTestResult result = ConceptTest.Run(
                explainer, layer, [new ClassPhotos(1, Set(
                    "class", network, 100, 4))], [Set("a", network, 200, 8), Set("b", network, 300, 8)],
                null, s_options with { Pool = pool, Relative = true });
            ConceptMap map = ConceptMap.Of(explainer, layer, photo, new ClassTarget(1), result.Concepts)[1];

            double expected = Dot(Features(pool, gradients[0], shape, forGradient: true), result.Concepts[1].Values);
            Assert.AreEqual(expected, map.Sensitivity, 1e-5 * Math.Abs(expected) + 1e-7, pool.Name);
            Assert.AreEqual(map.Sensitivity, map.Values.Sum(v => (double)v), 1e-5 * map.Values.Sum(v => Math.Abs((double)v)));
            Assert.AreEqual((shape[2], shape[3]), (map.Height, map.Width));
            Assert.AreEqual(32 * 32, map.Enlarged.Length);
        }

        var flat = Assert.ThrowsExactly<InputException>(() => ConceptMap.Of(explainer, network.Find("fc0"), photo, new ClassTarget(1), []));
        Assert.Contains("maps [N,C,H,W]", flat.Message);
    }

    [TestMethod]
    public void UnreadableImages_AreLeftOut_OrEndTheTest()
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend();
        using var explainer = new Explainer(network, backend);
        var broken = new ImageSet("a", [.. Enumerable.Range(0, 8).Select(i => $"a {i}")],
            (i, _) => i == 3 ? throw new InputException("a 3: is no image") : Requests.RandomInput(network, (ulong)i));
        var skipped = new List<string>();
        ConceptTestResult result = Run((image, _) => skipped.Add(image));
        CollectionAssert.AreEqual(new[] { "a 3" }, skipped);
        Assert.AreEqual(7, result.Concepts[0].Images);
        Assert.IsTrue(result.Warnings.Any(w => w.Contains("concept a: 7 images")));
        Assert.AreEqual("a 3: is no image", Assert.ThrowsExactly<InputException>(() => Run(null)).Message);

        ConceptTestResult Run(Action<string, InputException>? skip) => ConceptTest.Run(
            explainer, network.Find(
                "pool1"), [new ClassPhotos(1, Set("class", network, 100, 4))], [broken], Set("random", network, 400, 20),
            s_options, skipped: skip);
    }

    [TestMethod]
    public void TooFewImages_OrTooMuchMemory_IsOneLine()
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend();
        using var explainer = new Explainer(network, backend);
        Assert.Contains("concept a: 3 images, expected at least 4", Message(3, 20, s_options));
        Assert.Contains("random images: 7, expected at least twice", Message(8, 7, s_options));
        Assert.Contains("option 'pool' mean", Message(8, 20, s_options with { MemoryLimit = 10_000 }));
        Assert.Contains("no other concept", Message(8, 20, s_options with { Relative = true }));
        Assert.Contains("option 'alpha'", Message(8, 20, s_options with { Alpha = 0 }));

        string Message(int concept, int random, ConceptTestOptions options) => Assert.ThrowsExactly<InputException>(() => ConceptTest.Run(
            explainer, network.Find("pool1"), [new ClassPhotos(1, Set("class", network, 100, 4))], [Set("a", network, 200, concept)],
            Set("random", network, 400, random), options)).Message;
    }

    [TestMethod]
    public void Batches_AndThreads_GiveTheSameBits()
    {
        Network network = TinyNets.Residual();
        (int Batch, int Threads)[] runs = [(1, 1), (5, 2), (8, 3)];
        float[][] vectors = [.. runs.Select(run =>
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = run.Threads });
            using var explainer = new Explainer(network, backend, new ExplainerOptions { Batch = run.Batch });
            ConceptTestResult result = ConceptTest.Run(
                explainer, network.Find("relu1"), [new ClassPhotos(2, Set("class", network, 100, 5))], [Set("a", network, 200, 8)],
                Set("random", network, 400, 20), s_options with { Threads = run.Threads });
            return (float[])[.. result.Concepts[0].Values, .. result.Classes[0].Scores[0].Sensitivities.Select(s => (float)s)];
        })];
        TensorAssert.SameBits(vectors[0], vectors[1], "batch 5, 2 threads");
        TensorAssert.SameBits(vectors[0], vectors[2], "batch 8, 3 threads");
    }

    [TestMethod]
    public void BundledNetwork_TellsGeneratedTexturesApart()
    {
        Network network = ModelStore.Load("vgg16-200");
        using var backend = new CpuBackend();
        using var explainer = new Explainer(network, backend);
        ConceptTestResult result = ConceptTest.Run(
            explainer, network.Find("avgpool"), [new ClassPhotos(30, ImageSet.Generated("grid", network, 4, 9))],
            [ImageSet.Generated("striped", network, 8, 0), ImageSet.Generated("red", network, 8, 0)], null,
            s_options with { Relative = true });
        Assert.AreEqual(512, result.Features);
        Assert.IsGreaterThan(0.9, result.Concepts[0].Accuracy.Share, "stripes and red differ");
        Assert.IsTrue(result.Warnings.Any(w => w.Contains("first class on")), "grids are no tabbies");
    }

    private static InputException Refused(Network network, string layer)
    {
        using var backend = new CpuBackend();
        using var explainer = new Explainer(network, backend);
        return Assert.ThrowsExactly<InputException>(() => ConceptTest.Run(
            explainer, network.Find(layer), [new ClassPhotos(1, Set("class", network, 100, 4))], [Set("a", network, 200, 8)],
            Set("random", network, 400, 20), s_options));
    }

    private static ImageSet Set(string name, Network network, int seed, int count) => new(
        name, [.. Enumerable.Range(0, count).Select(i => $"{name} {i}")], (i, _) => Requests.RandomInput(network, (ulong)(seed + i)));

    /// <summary>Activations or gradients of single images.</summary>
    private static (Shape Shape, float[][] Values) Plain(Explainer explainer, Node layer, int seed, int count, bool gradient)
    {
        Shape shape = explainer.Network.OwnShapes[layer.Id];
        return (shape, [.. Enumerable.Range(0, count).Select(i =>
        {
            Session session = explainer.Forward(Requests.RandomInput(explainer.Network, (ulong)(seed + i)), [layer],
                CancellationToken.None);
            session.Backward(ReluRules.Vanilla, CancellationToken.None, new ClassTarget(1).Seed(session));
            return gradient ? session.Gradient(layer) : session.Activation(layer);
        })]);
    }

    private static float[] Features(FeaturePool pool, float[] values, Shape shape, bool forGradient)
    {
        int places = shape.Rank == 4 ? shape[2] * shape[3] : 1;
        return pool == FeaturePool.None ? values
            : [.. values.Chunk(places).Select(m => forGradient ? (float)m.Sum(v => (double)v)
                : pool == FeaturePool.Mean ? (float)m.Average(v => (double)v) : m.Max())];
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
