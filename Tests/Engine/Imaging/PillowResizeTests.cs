using System.Globalization;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;

namespace Interp.Tests.Engine.Imaging;

/// <summary>
/// Resizing in every byte as Pillow 9.4 does it, up and down, at odd ratios, to one row and one pixel. The images are made by
/// scripts/make_image_fixtures.py.
/// </summary>
[TestClass]
public sealed class PillowResizeTests
{
    public static IEnumerable<object[]> Noise => Names("noise.*.png");

    public static IEnumerable<object[]> Large => Names("large.*.png");

    [TestMethod]
    [DynamicData(nameof(Noise))]
    public void Resize_Noise_IsPillowsInEveryByte(string name)
    {
        string[] parts = name.Split('.');
        int[] size = [.. parts[2].Split('x').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];

        RgbImage actual = Resampling.Resize(Read("noise.png"), size[0], size[1], Interpolation.All.Find(parts[1]));

        CollectionAssert.AreEqual(Read(name).Pixels, actual.Pixels);
    }

    [TestMethod]
    [DynamicData(nameof(Large))]
    public void ResizeAndCrop_Preparation_IsPillowsInEveryByte(string name)
    {
        string[] parts = name.Split('.'), sizes = parts[2].Split('-');
        int[] input = [.. sizes[1].Split('x').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        bool grey = sizes.Contains("grey");
        var preparation = new Preprocessing
        {
            ResizeShorterSide = int.Parse(sizes[0], CultureInfo.InvariantCulture),
            InputSize = input[0],
            InputWidth = input[^1],
            Interpolation = Interpolation.All.Find(parts[1]),
            Stretch = sizes.Contains("stretch"),
            Mean = grey ? [0.5f] : Preprocessing.ImageNet.Mean,
            Deviation = grey ? [0.5f] : Preprocessing.ImageNet.Deviation,
        };
        Network network = new NetworkBuilder(grey ? 1 : 3).Then("flat", new Flatten()).Build("any", preparation);

        (RgbImage actual, float[] tensor) = NetworkInput.Prepare(ImageFile.Read(ImageFixtures.PathOf("large.png")), network);

        Assert.AreEqual((input[0], input[^1]), (actual.Height, actual.Width));
        Assert.HasCount(network.InputChannels * input[0] * input[^1], tensor);

        CollectionAssert.AreEqual(Read(name).Pixels, actual.Pixels);
    }

    [TestMethod]
    public void Bicubic_TwiceTheWidth_HasKeyssWeights()
    {
        // The second of four pixels has its centre at 0.75, so a quarter of a pixel from the first centre: with a = −1/2 the weights of the
        // first two are h(0.25) = 0.8671875 and h(0.75) = 0.2265625, and those at −1 and 2 are outside; divided by their sum: 200·0.2071.
        RgbImage result = Resampling.Resize(new RgbImage(2, 1, [0, 0, 0, 200, 200, 200]), 4, 1, Interpolation.Bicubic);

        Assert.AreEqual(41, result.Pixels[3]);
        Assert.AreEqual(159, result.Pixels[6]);
        Assert.AreEqual(0, result.Pixels[0], "below black is black");
        Assert.IsGreaterThan(200, result.Pixels[9], "the cubic overshoots");
    }

    private static RgbImage Read(string name) => ImageFile.Read(ImageFixtures.PathOf(Path.Combine("resized", name)));

    private static IEnumerable<object[]> Names(string pattern) =>
        Directory.EnumerateFiles(ImageFixtures.PathOf("resized"), pattern).Select(f => Path.GetFileName(f))
            .Where(n => n.Split('.').Length == 4).Order(StringComparer.Ordinal).Select(n => new object[] { n });
}
