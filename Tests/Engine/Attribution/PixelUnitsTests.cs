using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Visualization;

namespace Interp.Tests.Engine.Attribution;

/// <summary>Networks that take pixels of 0…255, or anything else: black, white and every image follow their units.</summary>
[TestClass]
public sealed class PixelUnitsTests
{
    private static readonly Preprocessing s_units = new()
    {
        InputSize = 4, InputWidth = 5, ResizeShorterSide = 5, Stretch = true, Mean = [0, 0, 0], Deviation = [1 / 255f, 1 / 255f, 1 / 255f],
    };

    [TestMethod]
    public void BaselinesAndBounds_AreBlackAndWhiteInBytes()
    {
        Network network = Net();
        NetworkInput input = Image(network);
        float[] black = Baseline.Black.Of(input, s_units), white = Baseline.White.Of(input, s_units);
        Assert.IsTrue(black.All(v => v == 0) && white.All(v => Math.Abs(v - 255) < 1e-4));
        Assert.IsTrue(Baseline.Grey.Of(input, s_units).All(v => Math.Abs(v - 127.5) < 1e-4));
        CollectionAssert.AreEqual(black, Baseline.Mean.Of(input, s_units), "the mean colour of such a network is black");
        CollectionAssert.AreEqual(white, PixelBounds.At(network, network.Input, network.OwnShapes[0], highest: true));
        CollectionAssert.AreEqual(black, PixelBounds.At(network, network.Input, network.OwnShapes[0], highest: false));
    }

    [TestMethod]
    public void Tensor_OfAnImage_IsItsBytesAndBack()
    {
        Network network = Net();
        NetworkInput input = Image(network);
        for (int i = 0; i < input.Tensor.Length; i++)
        {
            Assert.AreEqual(input.Image.Pixels[(3 * (i % 20)) + (i / 20)], input.Tensor[i], 1e-4);
        }

        CollectionAssert.AreEqual(input.Image.Pixels, Normalization.ToImage(input.Tensor, 4, 5, s_units).Pixels);
    }

    [TestMethod]
    public void Visualizer_ShowsTheNetworkBytes()
    {
        Network network = Net();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var visualizer = new Visualizer(network, backend);
        Canvas canvas = visualizer.SizeOf(new VisualizationOptions());
        Assert.AreEqual(new Canvas(1, 4, 5), canvas);
        float[] images = [.. Enumerable.Range(0, canvas.Length).Select(i => i / (float)canvas.Length)];
        (_, float[] seen) = visualizer.Activation(network.Find("relu"), canvas, images);
        for (int i = 0; i < seen.Length; i++)
        {
            Assert.AreEqual(255 * images[i], seen[i], 1e-3);
        }
    }

    private static Network Net() =>
        new NetworkBuilder(3).Then("relu", new ReLU()).Then("flat", new Flatten()).Build("bytes", s_units);

    private static NetworkInput Image(Network network)
    {
        byte[] pixels = [.. Enumerable.Range(0, 60).Select(i => (byte)(4 * i))];
        var image = new RgbImage(5, 4, pixels);
        return new NetworkInput("made up", image, NetworkInput.Prepare(image, network).Tensor, "");
    }
}
