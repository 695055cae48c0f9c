using Interp.Engine.Imaging;

namespace Interp.Tests.Engine.Imaging;

/// <summary>The images of Tests/Fixtures/images, made with Pillow by scripts/make_image_fixtures.py.</summary>
internal static class ImageFixtures
{
    private const string ExpectedSuffix = ".expected.png";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "images");

    /// <summary>Names of all images for which Pillow's result is there, one row a test.</summary>
    public static IEnumerable<object[]> Names => Directory.EnumerateFiles(Folder, "*" + ExpectedSuffix).Order(StringComparer.Ordinal)
        .Select(f => new object[] { Path.GetFileName(f)[..^ExpectedSuffix.Length] });

    /// <summary>The path of a fixture.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Pillow's resized and cropped version of an image.</summary>
    public static RgbImage Expected(string name) => ImageFile.Read(PathOf(name + ExpectedSuffix));

    /// <summary>The largest and the mean absolute difference of two images of one size, in steps of 1/255.</summary>
    public static (int Largest, double Mean) Difference(RgbImage expected, RgbImage actual)
    {
        Assert.AreEqual((expected.Width, expected.Height), (actual.Width, actual.Height), "size");
        int[] differences = [.. expected.Pixels.Zip(actual.Pixels, (e, a) => Math.Abs(e - a))];
        return (differences.Max(), differences.Average());
    }
}
