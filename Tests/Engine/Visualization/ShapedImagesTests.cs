using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives.Units;
using Interp.Engine.Visualization.Parametrizations;
using Interp.Engine.Visualization.Transforms;
using Interp.Tests.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization;

/// <summary>Feature visualisation for networks of grey, oblong and tiny images, and without classes.</summary>
[TestClass]
public sealed class ShapedImagesTests
{
    public static IEnumerable<object[]> Cases =>
        from network in (string[])["grey", "oblong", "small", "tiny", "pixel", "maps"]
        from parametrization in ParametrizationCatalog.All.Names
        select new object[] { network, parametrization };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Run_Channel_GrowsOnImagesOfTheNetworksShape(string shape, string parametrization)
    {
        Network network = Of(shape);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var visualizer = new Visualizer(network, backend);
        var objective = new ChannelObjective(network.Find("conv2"), 1);
        var options = new VisualizationOptions
        {
            Steps = 24, Count = 2, Parametrization = ParametrizationCatalog.All.Find(parametrization), BlurEvery = 10, Octaves = 2,
        };

        VisualizationResult result = visualizer.Run(objective, options);

        var canvas = new Canvas(2, network.Preprocessing.Height, network.Preprocessing.Width, network.InputChannels);
        Assert.AreEqual(canvas, result.Canvas);
        Assert.HasCount(canvas.Length, result.Images);
        Assert.IsTrue(result.Images.All(v => v is >= 0 and <= 1));
        double before = visualizer.Measure(objective, canvas, result.Start)[0];
        Assert.IsGreaterThan(before, visualizer.Measure(objective, canvas, result.Images)[0], "through its robust transforms, too");
        Assert.AreEqual(network.Classes == 0, result.Curve.All(p => p.Probability.All(double.IsNaN)), "probabilities of classes alone");
        RgbImage image = result.Image(1);
        Assert.AreEqual((canvas.Height, canvas.Width), (image.Height, image.Width));
        ImageFacts facts = visualizer.Check.Facts(image, 3, network.Find("conv2"), 1);
        Assert.HasCount(Math.Min(3, network.Classes), facts.Top);
    }

    [TestMethod]
    public void ToPlanesAndBack_OfGrey_IsTheLuma()
    {
        RgbImage photo = ImageFile.Read(ImageFixtures.PathOf("large.png"));
        var canvas = new Canvas(1, photo.Height, photo.Width, 1);
        float[] planes = ImageBytes.ToPlanes(photo, 1, 1);
        Assert.HasCount(canvas.Length, planes);
        CollectionAssert.AreEqual(Luma.Of(photo).Pixels, ImageBytes.Of(canvas, planes, 0).Pixels);
    }

    [TestMethod]
    [DataRow("blur:1")]
    [DataRow("noise:0.1")]
    [DataRow("robust")]
    [DataRow("pad:3,jitter:2,blur:0.5,flip,crop:9")]
    public void Transforms_OfOneChannel_HaveTheirTranspose(string chain)
    {
        var canvas = new Canvas(2, 13, 11, 1);
        DrawnTransforms drawn = TransformChain.Parse(chain).Draw(canvas, 13, 11, seed: 3, step: 1);
        float[] x = [.. Numbers(canvas.Length, 1)], zero = new float[canvas.Length], y = [.. Numbers(canvas.Length, 2)];
        float[] atX = new float[canvas.Length], atZero = new float[canvas.Length], back = new float[canvas.Length];
        drawn.Forward(x, atX);
        drawn.Forward(zero, atZero);
        drawn.Backward(y, back);
        double forward = atX.Zip(atZero, (a, b) => (double)a - b).Zip(y, (d, v) => d * v).Sum();
        double transposed = back.Zip(x, (a, b) => (double)a * b).Sum();
        Assert.AreEqual(forward, transposed, 1e-3 * Math.Max(1, Math.Abs(forward)), "⟨T x, y⟩ = ⟨x, Tᵀ y⟩, float32 sums");
    }

    [TestMethod]
    public void Robust_OnSmallImages_IsInProportion()
    {
        var small = new Canvas(1, 16, 16);
        DrawnTransforms robust = TransformChain.Robust.Draw(small, 16, 16, 5, 0);
        TransformChain half = TransformChain.Parse(
            TransformChain.Robust.ToString().Replace("pad:12", "pad:6", StringComparison.Ordinal)
                .Replace("jitter:8", "jitter:4", StringComparison.Ordinal)[..^1] + "2");
        float[] image = [.. Numbers(small.Length, 4)], found = new float[small.Length], expected = new float[small.Length];
        robust.Forward(image, found);
        half.Draw(small, 16, 16, 5, 0).Forward(image, expected);
        TensorAssert.SameBits(expected, found, "half of lucid's pixels");
    }

    [TestMethod]
    public void ClassesOfANetworkWithoutClasses_AreRefused()
    {
        Network network = ShapeNets.Maps();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var visualizer = new Visualizer(network, backend);
        using var explainer = new Explainer(network, backend);
        NetworkInput input = Requests.RandomInput(network, 1);
        foreach (Action asks in (Action[])
        [
            () => visualizer.Run(new LogitObjective(network, 1), new VisualizationOptions { Steps = 1 }),
            () => visualizer.Run(new LogProbabilityObjective(network, 1), new VisualizationOptions { Steps = 1 }),
            () => explainer.Predict(input),
            () => AttributionCatalog.All.Find("vanilla").Explain(Requests.Of(explainer, "vanilla", new ClassTarget(1))),
        ])
        {
            string message = Assert.ThrowsExactly<InputException>(asks).Message;
            Assert.Contains("model maps has no classes: its output 'out' gives [1,7,16,16]", message);
        }
    }

    private static Network Of(string shape) => shape switch
    {
        "grey" => ShapeNets.Grey(),
        "oblong" => ShapeNets.Oblong(),
        "small" => ShapeNets.Small(),
        "tiny" => ShapeNets.Small(8),
        "pixel" => ShapeNets.Pixel(),
        _ => ShapeNets.Maps(),
    };

    private static IEnumerable<float> Numbers(int count, ulong seed)
    {
        var rng = new Rng(seed);
        return Enumerable.Range(0, count).Select(i => (float)rng.Uniform((ulong)i));
    }
}
