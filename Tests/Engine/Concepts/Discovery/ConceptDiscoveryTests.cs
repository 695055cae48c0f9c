using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Concepts;
using Interp.Engine.Concepts.Discovery;
using Interp.Engine.Cpu;
using Interp.Engine.Evidence;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Concepts.Discovery;

[TestClass]
public sealed class ConceptDiscoveryTests
{
    private static readonly DiscoveryOptions Planted = new() { Components = 3, Patch = 16, Samples = 256 };

    private static readonly NetworkInput[] Images = [.. Enumerable.Range(0, 24).Select(PlantedConcepts.Image)];

    private static readonly Lazy<DiscoveredConcepts> Found = new(() => Run(PlantedConcepts.Network(), "maps", Images, Planted));

    [TestMethod]
    public void PlantedDirections_AreFound_AndOrderedByWhatTheClassMakesOfThem()
    {
        DiscoveredConcepts found = Found.Value;
        for (int color = 0; color < 3; color++)
        {
            double[] truth = PlantedConcepts.Directions[color];
            double cosine = Enumerable.Range(0, 6).Sum(k => found.Components[(6 * color) + k] * truth[k])
                / Math.Sqrt(truth.Sum(t => t * t));
            Assert.IsGreaterThan(0.999, cosine, $"direction of colour {color} in the place that its importance gives it");
            Assert.IsGreaterThan(0.99, found.Concepts[color].Stability, "the same in each half");
        }

        // A linear tail: a dimmed concept's logit is w·mean(u)·m, so S_T = (w·mean u)² over the sum of all.
        double[] expected = Images.Select((_, i) => Shares(i)).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]);
        for (int color = 0; color < 3; color++)
        {
            Assert.AreEqual(expected[color] / Images.Length, found.Concepts[color].Importance, 0.02, "256 points on 24 images");
            double effect = Enumerable.Range(0, Images.Length).Average(i => PlantedConcepts.Weights[color] * Share(i, color));
            Assert.AreEqual(effect, found.Concepts[color].Effect, 0.02, "directions of cosine 0.999, logits up to 2");
        }

        Assert.IsGreaterThan(0, found.Concepts[0].EffectLow);
        Assert.IsLessThan(0, found.Concepts[1].EffectHigh, "important, and against the class");
    }

    [TestMethod]
    public void PlantedMaps_AreWhereTheColourIs()
    {
        DiscoveredConcepts found = Found.Value;
        for (int color = 0; color < 3; color++)
        {
            ReadOnlySpan<float> map = found.MapOf(5, color);
            float largest = 0;
            foreach (float value in map)
            {
                largest = Math.Max(largest, value);
            }

            for (int i = 0; i < map.Length; i++)
            {
                int block = (i / PlantedConcepts.Size / PlantedConcepts.Block * 4) + (i % PlantedConcepts.Size / PlantedConcepts.Block);
                bool isThere = PlantedConcepts.Colors(5)[block] == color;
                Assert.AreEqual(isThere ? 1 : 0, map[i] / largest, 0.05, "a cosine of 0.999 leaves some of the others");
            }
        }

        RgbImage heat = DiscoveryImages.HeatMap(found, Images, 5, 0), sheet = DiscoveryImages.Sheet(found, Images, 0, 32);
        Assert.AreEqual((PlantedConcepts.Size, PlantedConcepts.Size), (heat.Width, heat.Height));
        Assert.AreNotEqual(Convert.ToHexString(Images[5].Image.Pixels), Convert.ToHexString(heat.Pixels));
        Assert.IsGreaterThan(6 * 32, sheet.Width, "three columns of crops, three of maps");
    }

    [TestMethod]
    public void PlantedControls_SayThatTheConceptsHoldEverything()
    {
        DiscoveredConcepts found = Found.Value;
        Assert.IsLessThan(0.05, found.Fidelity.MapError);
        Assert.IsGreaterThan(0.98, found.Fidelity.CropR2);
        Assert.AreEqual(found.Fidelity.OwnClass, found.Fidelity.RebuiltClass);
        Assert.IsGreaterThan(found.Fidelity.MapError + 0.1, found.Fidelity.RandomMapError, "random directions do not");
        Assert.IsGreaterThan(0.99, found.Stability.Mean);
        Assert.IsLessThan(found.Stability.Lowest, found.Stability.Chance);
        Assert.HasCount(9, found.RandomImportance);
        ConceptCurve deletion = found.Curves.Single(c => c is { Order: "effect", Curve: "deletion", Measure: "logit" }),
            insertion = found.Curves.Single(c => c is { Order: "effect", Curve: "insertion", Measure: "logit" });
        Assert.IsGreaterThan(0, deletion.Low, "the logit falls sooner than in random orders");
        Assert.IsGreaterThan(0, insertion.Low);
        Assert.AreEqual(deletion.Values[0], insertion.Values[^1], 1e-12);
        Assert.AreEqual(0, deletion.Values[^1], 1e-6, "nothing is left");
        Assert.IsEmpty(found.Warnings);
    }

    [TestMethod]
    [DataRow("layer2.0.relu_1", false)]
    [DataRow("layer2.0.relu", true)]
    public void NarrowResNet_GivesTheSameBitsAtAnyThreadsAndBatch(string layer, bool hasPathsAround)
    {
        Network network = TorchvisionGolden.Load("resnet18");
        NetworkInput[] images = [.. Enumerable.Range(0, 4).Select(i => Noise(network, i))];
        var options = new DiscoveryOptions { Components = 3, Samples = 4, RandomSets = 1, RandomOrders = 3, Splits = 2 };
        DiscoveredConcepts one = Run(network, layer, images, options with { Threads = 1, Batch = 1 }, threads: 1, batch: 1),
            many = Run(network, layer, images, options with { Threads = 3, Batch = 7 }, threads: 2, batch: 5);

        CollectionAssert.AreEqual(one.Components.ToArray(), many.Components.ToArray());
        CollectionAssert.AreEqual(
            one.Concepts.Select(c => c with { Crops = [] }).ToArray(), many.Concepts.Select(c => c with { Crops = [] }).ToArray());
        Assert.AreEqual(one.Fidelity, many.Fidelity);
        CollectionAssert.AreEqual(one.Curves.SelectMany(c => c.Values).ToArray(), many.Curves.SelectMany(c => c.Values).ToArray());
        Assert.AreEqual(hasPathsAround, one.Warnings.Any(w => w.Contains("paths lead around", StringComparison.Ordinal)));
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false });
        int says = images.Count(i => explainer.Predict(i, 1)[0].Class == 1);
        Assert.AreEqual(says, one.Fidelity.OwnClass, "the tail on the layer's own maps is the network");
    }

    [TestMethod]
    public void Vgg16_RebuiltFromItsConcepts_IsNearerThanFromRandomDirections()
    {
        Network network = ModelStore.Load("vgg16-200");
        NetworkInput[] images =
        [
            .. new[] { "chelsea-224.png", "coffee-224.png" }.Select(f => NetworkInput.Read(Golden.Path("vgg16-200", f), network)[0]),
        ];
        DiscoveredConcepts found = Run(network, "features.29", images,
            new DiscoveryOptions { Components = 3, Patch = 112, Samples = 8, RandomSets = 2, RandomOrders = 2, Splits = 1 }, threads: 2);

        Assert.AreEqual(8, found.Crops);
        Assert.AreEqual((14, 14), (found.MapHeight, found.MapWidth));
        Assert.IsLessThan(found.Fidelity.RandomMapError, found.Fidelity.MapError);
        Assert.IsTrue(found.Concepts.All(c => c.Importance >= 0 && c.Low <= c.Importance && c.Importance <= c.High));
        Assert.IsTrue(found.Concepts.Zip(found.Concepts.Skip(1)).All(p => p.First.Importance >= p.Second.Importance));
        foreach (ConceptCrop crop in found.Concepts[0].Crops)
        {
            Assert.AreEqual(112L * 112, crop.Box.Area);
            Assert.IsGreaterThan(0, crop.Strength);
        }

        Assert.Contains("2 images", found.Warnings[0]);
    }

    [TestMethod]
    public void WhatCannotBeTakenApart_IsRefusedInOneLine()
    {
        Network vgg = TinyNets.Vgg();
        NetworkInput[] images = [.. Enumerable.Range(0, 4).Select(i => Noise(vgg, i))];
        var options = new DiscoveryOptions { Components = 3, Samples = 4, RandomSets = 0, RandomOrders = 1, Splits = 1 };
        Refuses("name the ReLU behind it, relu1_0", vgg, "conv1_0", images, options);
        Refuses("expected a layer with maps", vgg, "fc0", images, options);
        Refuses("the image itself", vgg, "input", images, options);
        Refuses("expected at least 2", vgg, "relu1_0", images[..1], options);
        Refuses("expected at most 8", vgg, "relu0_0", images, options with { Components = 9 });
        Refuses("shorter side", vgg, "relu0_0", images, options with { Patch = 33 });
        Refuses("images of one size", vgg, "relu0_0", [images[0], Requests.RandomInput(40, 1)], options);
        Refuses("'components' 1", vgg, "relu0_0", images, options with { Components = 1 });
        Refuses("MiB are allowed", vgg, "relu0_0", images, options with { MemoryLimit = 1000 });
        Network dead = PlantedConcepts.Network();
        NetworkInput black = PlantedConcepts.Image(0);
        black = black with { Image = new RgbImage(64, 64, new byte[3 * 64 * 64]), Tensor = new float[3 * 64 * 64] };
        Refuses("0 everywhere", dead, "maps", [black, black], options);
        Network smooth = TorchvisionGolden.Load("convnext");
        Refuses("no ReLU with maps", smooth, smooth.Nodes.First(n => n.Layer is Conv2d).Name,
            [.. Enumerable.Range(0, 4).Select(i => Noise(smooth, i))], options with { Components = 2 });

        static void Refuses(string text, Network network, string layer, NetworkInput[] images, DiscoveryOptions options)
        {
            string message = Assert.ThrowsExactly<InputException>(() => Run(network, layer, images, options)).Message;
            Assert.Contains(text, message);
            Assert.DoesNotContain('\n', message);
        }
    }

    [TestMethod]
    public void Progress_IsToldOfEachStage_AndCancellationEnds()
    {
        var stages = new List<string>();
        var options = Planted with { Samples = 4, RandomSets = 0, RandomOrders = 1, Splits = 1 };
        Network network = PlantedConcepts.Network();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false });
        DiscoveredConcepts found = ConceptDiscovery.Run(
            explainer, network.Find("maps"), 0, Images[..4], options, p => stages.Add($"{p.Stage} {p.Done == p.Total}"));
        CollectionAssert.IsSubsetOf(
            new[] { "crops True", "halves True", "importance True", "deletion and insertion True" }, stages);
        Assert.IsTrue(double.IsNaN(found.Concepts[0].P), "no random directions");
        Assert.IsTrue(double.IsNaN(found.Fidelity.RandomMapError));
        Assert.ThrowsExactly<OperationCanceledException>(() => ConceptDiscovery.Run(
            explainer, network.Find("maps"), 0, Images[..4], options, cancel: new CancellationToken(canceled: true)));
    }

    private static double Share(int image, int color) => PlantedConcepts.Colors(image).Count(c => c == color) / 16.0;

    private static double[] Shares(int image)
    {
        double[] squares = [.. PlantedConcepts.Weights.Select((w, c) => Math.Pow(w * Share(image, c), 2))];
        return squares.Sum() is > 0 and var sum ? Array.ConvertAll(squares, s => s / sum) : new double[3];
    }

    private static DiscoveredConcepts Run(
        Network network, string layer, IReadOnlyList<NetworkInput> images, DiscoveryOptions options, int threads = 1, int batch = 8)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads });
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false, Batch = batch });
        return ConceptDiscovery.Run(explainer, network.Find(layer), network.Name == "planted" ? 0 : 1, images, options);
    }

    /// <summary>An image of random blocks, so that crops differ.</summary>
    private static NetworkInput Noise(Network network, int index)
    {
        (int height, int width) = (network.Preprocessing.Height, network.Preprocessing.Width);
        var rng = new Rng(5, (ulong)index);
        byte[] pixels = [.. Enumerable.Range(0, 3 * height * width).Select(i =>
            (byte)(256 * rng.Uniform((ulong)((i / 3 / width / 4 * 1000) + (i / 3 % width / 4 * 3) + (i % 3)))))];
        var image = new RgbImage(width, height, pixels);
        return new NetworkInput($"noise {index}", image, Normalization.ToTensor(image, network.Preprocessing), "");
    }
}
