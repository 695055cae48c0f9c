using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Imaging;

/// <summary>The linear map behind a network's preparation, beside the preparation in bytes.</summary>
[TestClass]
public sealed class PreparedWindowTests
{
    public static IEnumerable<object[]> Cases =>
        from size in ((int, int)[])[(301, 197), (97, 131), (64, 64), (37, 500), (5, 3), (1, 1), (1000, 3)]
        from units in (Preprocessing[])[
            Of(64, 56, 56), Of(64, 63, 63), Of(32, 48, 48), Of(40, 33, 30), Of(64, 56, 56) with { Interpolation = Interpolation.Bicubic },
            Of(64, 56, 41) with { Stretch = true }, Of(300, 280, 280) with { Interpolation = Interpolation.Bicubic }]
        select new object[] { size.Item1, size.Item2, units };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Transpose_OddSizes_IsTheAdjoint(int width, int height, Preprocessing units)
    {
        var window = new PreparedWindow(width, height, units);
        var random = new Gaussian(3);
        float[] x = random.Values(window.Part.Width * window.Part.Height), y = random.Values(units.Height * units.Width);
        var seen = new float[y.Length];
        var back = new float[x.Length];
        window.Apply(x, seen);
        window.Transpose(y, back);
        double size = Math.Sqrt(Dot(seen, seen) * Dot(y, y));
        Assert.AreEqual(Dot(seen, y), Dot(x, back), 1e-6 * size, "⟨Ax,y⟩ = ⟨x,Aᵀy⟩");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Bytes_OfThePart_AreThoseOfTheWholeImage_AndTheLinearMapIsWithinRounding(int width, int height, Preprocessing units)
    {
        var random = new Random(7);
        var pixels = new byte[3 * width * height];
        random.NextBytes(pixels);
        var image = new RgbImage(width, height, pixels);
        var window = new PreparedWindow(width, height, units);
        PixelWindow p = window.Part;
        RgbImage expected = Resampling.ResizeAndCrop(image, units);
        RgbImage part = image.Part(p.Left, p.Top, p.Width, p.Height);
        CollectionAssert.AreEqual(expected.Pixels, window.Bytes(part).Pixels);

        var seen = new float[units.Height * units.Width];
        window.Apply([.. Enumerable.Range(0, p.Width * p.Height).Select(i => (float)part.Pixels[3 * i])], seen);
        for (int i = 0; i < seen.Length; i++)
        {
            // Half a level for the last rounding, and half a level times the sum of a column's |coefficients| for the first: 1, and up to
            // 1.3 for the cubic filter; with that one, clamping in between adds more at the image's black and white.
            double bound = units.Interpolation == Interpolation.Bilinear ? 1.01 : 60;
            Assert.AreEqual(expected.Pixels[3 * i], Math.Clamp(seen[i], 0, 255), bound);
        }
    }

    [TestMethod]
    public void Part_IsOnlyWhatTheCropShows()
    {
        // 400x100 to 200x50, of which the columns 80 to 119 and rows 5 to 44 are shown: source columns 160 to 239 and one more a side.
        var window = new PreparedWindow(400, 100, Of(50, 40, 40));
        Assert.AreEqual(new PixelWindow(159, 9, 82, 82), window.Part);
    }

    private static Preprocessing Of(int shorter, int height, int width) =>
        new() { ResizeShorterSide = shorter, InputSize = height, InputWidth = width == height ? null : width };

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
