using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives.Units;
using Interp.Engine.Visualization.Transforms;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization;

[TestClass]
public sealed class ImageReachTests
{
    private static readonly VisualizationOptions s_options = new() { Steps = 20, Rate = 0.01, Transforms = TransformChain.None };

    public static IEnumerable<(string Shape, string Norm, double Radius)> Cases =>
        from shape in (string[])["vgg", "grey", "oblong"]
        from reach in ((string, double)[])[("linf", 1 / 255.0), ("linf", 0.03), ("l2", 0.4), ("l2", 5)]
        select (shape, reach.Item1, reach.Item2);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Run_StaysInTheBall_OnWholeLevels(string shape, string norm, double radius)
    {
        Network network = shape switch { "grey" => ShapeNets.Grey(), "oblong" => ShapeNets.Oblong(), _ => TinyNets.Vgg() };
        RgbImage photo = Photo(network);
        VisualizationOptions options = s_options with { From = photo, Within = new ImageReach(PixelNorm.All.Find(norm), radius) };

        VisualizationResult one = Run(network, options, 1), two = Run(network, options, 2);

        TensorAssert.SameBits(one.Images, two.Images, "threads");
        float[] planes = ImageBytes.ToPlanes(photo, 1, network.InputChannels);
        Assert.IsLessThanOrEqualTo(
            255 * radius * (1 + 1e-6), PixelNorm.All.Find(norm).Distance(Levels(planes), Levels(one.Images)), "in whole levels, exactly");
        Assert.IsTrue(one.Images.All(v => v is >= 0 and <= 1 && v == (float)Math.Round(255.0 * v) / 255f), "whole levels");
        CollectionAssert.AreNotEqual(planes, one.Images, "it moved");
        RgbImage saved = one.Image(0);
        CollectionAssert.AreEqual(one.Images, ImageBytes.ToPlanes(saved, 1, network.InputChannels), "saved without loss");
        Assert.IsGreaterThan(one.Curve[0].Objective[0], one.Curve[^1].Objective[0]);
    }

    [TestMethod]
    public void LinearNetwork_ReachesTheCornerOfTheBox()
    {
        // The logit is linear in the pixels: the best image in the L∞ ball moves every value by ε in the direction of its weight's sign.
        Network network = TinyNets.Regression(8, 3);
        RgbImage photo = new(8, 8, [.. Enumerable.Range(0, 192).Select(i => (byte)(100 + (i % 50)))]);
        VisualizationOptions options = s_options with { From = photo, Within = new ImageReach(PixelNorm.LInf, 5 / 255.0), Steps = 40 };

        VisualizationResult result = Run(network, options, 2);

        float[] weights = network.Nodes[^1].Weights[0].ToArray()[(2 * 192)..];
        float[] planes = ImageBytes.ToPlanes(photo, 1);
        for (int i = 0; i < planes.Length; i++)
        {
            Assert.AreEqual(Math.Round(255.0 * planes[i]) + (5 * Math.Sign(weights[i])), Math.Round(255.0 * result.Images[i]));
        }
    }

    [TestMethod]
    public void ToLevels_OutOfTheEuclideanBall_GoesTowardsThePhoto()
    {
        float[] photo = [100 / 255f, 200 / 255f, 50 / 255f], image = [100.6f / 255, 199.4f / 255, 50.2f / 255];
        new ImageReach(PixelNorm.L2, 0.9 / 255).ToLevels(photo, image);
        CollectionAssert.AreEqual(photo, image, "nearest would be √2 levels away");
        image = [100.6f / 255, 199.4f / 255, 50.2f / 255];
        new ImageReach(PixelNorm.L2, 1.5 / 255).ToLevels(photo, image);
        CollectionAssert.AreEqual((float[])[101 / 255f, 199 / 255f, 50 / 255f], image);
        image = [101.6f / 255, 199.4f / 255, 50.2f / 255];
        new ImageReach(PixelNorm.L2, 1.5 / 255).ToLevels(photo, image);
        CollectionAssert.AreEqual((float[])[101 / 255f, 199 / 255f, 50 / 255f], image, "the change is shortened");
    }

    [TestMethod]
    public void FromNoise_StaysInTheBox()
    {
        var box = new ImageReach(PixelNorm.LInf, double.PositiveInfinity);
        VisualizationResult result = Run(TinyNets.Vgg(), s_options with { Within = box, Rate = 0.2 }, 1);

        Assert.IsTrue(result.Images.All(v => v is >= 0 and <= 1));
        Assert.IsTrue(result.Images.Any(v => v is 0 or 1), "and reaches its sides");
    }

    [TestMethod]
    public void Octaves_AreRefused() => Assert.ThrowsExactly<InputException>(() => Run(
        TinyNets.Vgg(), s_options with { Octaves = 2, From = Photo(TinyNets.Vgg()), Within = new ImageReach(PixelNorm.L2, 1) }, 1));

    private static VisualizationResult Run(Network network, VisualizationOptions options, int threads)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads });
        using var visualizer = new Visualizer(network, backend);
        return visualizer.Run(new LogitObjective(network, 2), options);
    }

    private static RgbImage Photo(Network network)
    {
        var rng = new Rng(8);
        (int height, int width) = (network.Preprocessing.Height, network.Preprocessing.Width);
        int same = network.InputChannels == 1 ? 3 : 1;
        byte[] pixels = [.. Enumerable.Range(0, 3 * height * width).Select(i => (byte)(256 * rng.Uniform((ulong)(i / same))))];
        return new RgbImage(width, height, pixels);
    }

    private static float[] Levels(float[] values) => [.. values.Select(v => MathF.Round(255 * v))];
}
