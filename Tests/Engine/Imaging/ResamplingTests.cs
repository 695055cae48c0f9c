using System.Diagnostics;
using Interp.Engine.Imaging;

namespace Interp.Tests.Engine.Imaging;

[TestClass]
public sealed class ResamplingTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Resize_HalfTheWidth_HasTheTrianglesWeights()
    {
        // Scale 2: the triangle around the middle of pixels 0 and 1 reaches pixels 0 to 2 with weights 3/4, 3/4, 1/4, so (3·0 + 3·80 +
        // 1·160) / 7 = 57.14; around the middle of pixels 2 and 3 it reaches 1 to 3 with weights 1/4, 3/4, 3/4: (1·80 + 3·160 + 3·240) / 7
        // = 182.86.
        RgbImage result = Resampling.Resize(Grey(4, 0, 80, 160, 240), 2, 1);
        CollectionAssert.AreEqual(Grey(2, 57, 183).Pixels, result.Pixels);
    }

    [TestMethod]
    public void Resize_TwiceTheWidth_InterpolatesBetweenCentres()
    {
        // Centres of the result lie at 0.25, 0.75, 1.25, 1.75 source pixels: 0, 0.75·0 + 0.25·100, 0.25·0 + 0.75·100, 100.
        RgbImage result = Resampling.Resize(Grey(2, 0, 100), 4, 1);
        CollectionAssert.AreEqual(Grey(4, 0, 25, 75, 100).Pixels, result.Pixels);
    }

    [TestMethod]
    public void Resize_SameSize_IsTheSameImage()
    {
        RgbImage image = ImageFile.Read(ImageFixtures.PathOf("rgb.png"));
        CollectionAssert.AreEqual(image.Pixels, Resampling.Resize(image, image.Width, image.Height).Pixels);
    }

    [TestMethod]
    [DataRow(301, 200, 48)]
    [DataRow(200, 301, 48)]
    [DataRow(97, 64, 63)]
    [DataRow(64, 64, 64)]
    public void ResizeAndCrop_Window_IsThatOfTheWholeResizedImage(int width, int height, int crop)
    {
        RgbImage image = Noise(width, height);
        int shorter = Math.Min(width, height);
        (int w, int h) = (64 * width / shorter, 64 * height / shorter);
        RgbImage whole = Resampling.Resize(image, w, h);
        (int left, int top) = ((int)Math.Round((w - crop) / 2.0), (int)Math.Round((h - crop) / 2.0));
        byte[] expected = [.. Enumerable.Range(top, crop).SelectMany(y => whole.Pixels.Skip(3 * ((y * w) + left)).Take(3 * crop))];
        CollectionAssert.AreEqual(expected, Resampling.ResizeAndCrop(image, 64, crop).Pixels);
    }

    [TestMethod]
    public void ResizeAndCrop_CropLargerThanTheImage_SurroundsWithBlack()
    {
        // torchvision pads (5 - 2) // 2 = 1 before and 2 after.
        RgbImage result = Resampling.ResizeAndCrop(new RgbImage(2, 2, [.. Enumerable.Repeat((byte)200, 12)]), 2, 5);
        for (int i = 0; i < 25; i++)
        {
            bool inside = i / 5 is 1 or 2 && i % 5 is 1 or 2;
            Assert.AreEqual(inside ? 200 : 0, result.Pixels[3 * i], $"row {i / 5}, column {i % 5}");
        }
    }

    [TestMethod]
    [DataRow(1, 100_000)]
    [DataRow(100_000, 1)]
    [DataRow(2, 1_000_000)]
    public void ResizeAndCrop_VeryLongImage_TakesNoMoreThanItsOwnMemory(int width, int height)
    {
        var image = new RgbImage(width, height, [.. Enumerable.Repeat((byte)77, 3 * width * height)]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RgbImage result = Resampling.ResizeAndCrop(image, 256, 224);
        Assert.IsTrue(result.Pixels.All(p => p == 77), "a grey image stays grey");
        Assert.IsLessThan(20_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void ResizeAndCrop_CameraPhoto_ReportsItsTime()
    {
        RgbImage image = Noise(4000, 3000);
        Resampling.ResizeAndCrop(image, 256, 224);
        var watch = Stopwatch.StartNew();
        Resampling.ResizeAndCrop(image, 256, 224);
        TestContext.WriteLine($"4000x3000 to 224x224: {watch.Elapsed.TotalMilliseconds:f1} ms");

        // Ten times the time measured on two slow cores: a guard against an accidental change of complexity, not a benchmark.
        Assert.IsLessThan(2000, watch.ElapsedMilliseconds);
    }

    private static RgbImage Grey(int width, params byte[] values) =>
        new(width, values.Length / width, [.. values.SelectMany(v => new[] { v, v, v })]);

    private static RgbImage Noise(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        new Random(5).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }
}
