using System.Text.Json;
using Interp.Engine.Imaging;

namespace Interp.Tests.Engine.Imaging;

[TestClass]
public sealed class PillowParityTests
{
    public TestContext TestContext { get; set; } = null!;

    private static IEnumerable<object[]> Names => ImageFixtures.Names;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void ResizeAndCrop_FixtureImage_IsPillows(string name)
    {
        RgbImage actual = Resampling.ResizeAndCrop(ImageFile.Read(ImageFixtures.PathOf(name)), 32, 28);
        (int largest, double mean) = ImageFixtures.Difference(ImageFixtures.Expected(name), actual);
        TestContext.WriteLine($"{name}: largest {largest}, mean {mean:f4}");
        if (name.EndsWith(".jpg", StringComparison.Ordinal))
        {
            // Decoders differ in the inverse transform and in how they enlarge the colour planes.
            Assert.IsLessThan(2.0, mean);
        }
        else
        {
            // Decoding is exact, and so is the integer arithmetic of the resizing.
            Assert.AreEqual(0, largest);
        }
    }

    [TestMethod]
    public void ResizeAndCrop_SharedPhotos_HavePillowsBlockMeans()
    {
        string folder = SharedPhotos();
        using JsonDocument digests = JsonDocument.Parse(File.ReadAllText(ImageFixtures.PathOf("photos.json")));
        int count = 0;
        foreach (JsonProperty photo in digests.RootElement.EnumerateObject())
        {
            RgbImage image = Resampling.ResizeAndCrop(ImageFile.Read(Path.Combine(folder, photo.Name)), 256, 224);
            double[] expected = [.. photo.Value.EnumerateArray().Select(v => v.GetDouble())];
            double largest = expected.Zip(BlockMeans(image), (e, a) => Math.Abs(e - a)).Max();
            TestContext.WriteLine($"{photo.Name}: {largest:f3}");

            // PNG agrees up to the two decimals of the digests; JPEG decoders differ, but hardly in means over 32x32 pixels.
            Assert.IsLessThan(photo.Name.EndsWith(".png", StringComparison.Ordinal) ? 0.0051 : 2.0, largest, photo.Name);
            count++;
        }

        Assert.IsGreaterThanOrEqualTo(31, count);
    }

    private static IEnumerable<double> BlockMeans(RgbImage image)
    {
        var sums = new double[7 * 7 * 3];
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            (int y, int x) = (i / 3 / image.Width, i / 3 % image.Width);
            sums[(((y / 32 * 7) + (x / 32)) * 3) + (i % 3)] += image.Pixels[i];
        }

        return sums.Select(s => s / (32 * 32));
    }

    private static string SharedPhotos()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string photos = Path.Combine(folder.FullName, "shared", "data", "photos");
            if (Directory.Exists(photos))
            {
                return photos;
            }
        }

        Assert.Inconclusive("the shared photos are not here");
        return "";
    }
}
