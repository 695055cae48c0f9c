using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Images = System.Collections.Generic.IReadOnlyList<(string Name, Interp.Engine.Imaging.RgbImage Image)>;

namespace Interp.Tests.Engine.Imaging;

[TestClass]
public sealed class AttributionImagesTests
{
    private static readonly ImageOptions s_standard = new();

    private static readonly RgbImage s_input = new(3, 1, [100, 50, 0, 0, 0, 0, 10, 20, 30]);

    /// <summary>Three pixels: max 4, min −2, max|g_c| per pixel 1, 4, 2.</summary>
    private static readonly float[] s_gradient =
    [
        1f, -2f, 0f,
        0.5f, 0f, 0f,
        -0.5f, 4f, 2f,
    ];

    [TestMethod]
    public void Render_Gradient_HasTheFiveImagesInOrder()
    {
        (Images images, IReadOnlyList<string> remarks) = AttributionImages.Render(
            s_gradient, AttributionKind.Sensitivity, s_input, s_standard);
        CollectionAssert.AreEqual(new[] { "color", "positive", "negative", "heatmap", "overlay" }, images.Select(p => p.Name).ToArray());
        Assert.IsTrue(images.All(p => (p.Image.Width, p.Image.Height) == (3, 1)), "size of the input");
        Assert.IsEmpty(remarks);
    }

    [TestMethod]
    public void Render_GradientOfBlueGreenRed_IsThatOfItsColours()
    {
        float[] turned = [.. s_gradient[6..], .. s_gradient[3..6], .. s_gradient[..3]];

        (Images images, _) = AttributionImages.Render(turned, AttributionKind.Sensitivity, s_input, s_standard, ChannelOrder.Bgr);

        (Images expected, _) = AttributionImages.Render(s_gradient, AttributionKind.Sensitivity, s_input, s_standard);
        foreach (((string name, RgbImage image), (_, RgbImage same)) in images.Zip(expected))
        {
            CollectionAssert.AreEqual(same.Pixels, image.Pixels, name);
        }
    }

    // 0.5 + g/8: 0.625, 0.5625, 0.4375; 0.25, 0.5, 1; 0.5, 0.5, 0.75.
    [TestMethod]
    public void Render_Color_PutsZeroAtMidGrey() => IsImage("color", s_standard, 159, 143, 112, 64, 128, 255, 128, 128, 191);

    // (g + 2)/6: 1/2, 2.5/6, 1/4; 0, 1/3, 1; 1/3, 1/3, 2/3.
    [TestMethod]
    public void Render_ColorMinMax_UsesTheWholeRange() =>
        IsImage("color", s_standard with { ColorScale = ColorScale.MinMax }, 128, 106, 64, 0, 85, 255, 85, 85, 170);

    // max(0, g)/4: 0.25, 0.125, 0; 0, 0, 1; 0, 0, 0.5.
    [TestMethod]
    public void Render_Positive_IsDividedByTheMaximum() => IsImage("positive", s_standard, 64, 32, 0, 0, 0, 255, 0, 0, 128);

    // max(0, -g)/2: 0, 0, 0.25; 1, 0, 0; 0, 0, 0.
    [TestMethod]
    public void Render_Negative_IsDividedByTheMinimum() => IsImage("negative", s_standard, 0, 0, 64, 255, 0, 0, 0, 0, 0);

    // Of 1, 2, 4 the 99th percentile is 2 + 0.98·2 = 3.96: 0, above 1, (2 - 1)/2.96 = 0.3378.
    [TestMethod]
    public void Render_Heatmap_IsClippedAtThePercentile() => IsImage("heatmap", s_standard, 0, 0, 0, 255, 255, 255, 86, 86, 86);

    // (v - 1)/3: 0, 1, 1/3.
    [TestMethod]
    public void Render_HeatmapUnclipped_UsesTheWholeRange() =>
        IsImage("heatmap", s_standard with { Clip = "none" }, 0, 0, 0, 255, 255, 255, 85, 85, 85);

    [TestMethod]
    public void Render_Overlay_BlendsColoursAndInput()
    {
        byte[] half = Image(s_gradient, AttributionKind.Sensitivity, "overlay", s_standard).Pixels;

        // jet(0) = (0, 0, 128) over (100, 50, 0), and jet(1) = (128, 0, 0) over black.
        CollectionAssert.AreEqual(new byte[] { 50, 25, 64, 64, 0, 0 }, half[..6]);
        CollectionAssert.AreEqual(s_input.Pixels,
            Image(s_gradient, AttributionKind.Sensitivity, "overlay", s_standard with { Alpha = 0 }).Pixels);
        CollectionAssert.AreEqual(
            Image(s_gradient, AttributionKind.Sensitivity, "heatmap", s_standard).Pixels,
            Image(s_gradient, AttributionKind.Sensitivity, "overlay", s_standard with { Alpha = 1, Colormap = "grey" }).Pixels);
    }

    [TestMethod]
    public void Render_Map_HasOnlyHeatmapAndOverlayInTheColoursOfTheMap()
    {
        float[] map = [-1, 0, 3];
        (Images images, _) = AttributionImages.Render(map, AttributionKind.Map, s_input, s_standard with { Colormap = "viridis" });
        CollectionAssert.AreEqual(new[] { "heatmap", "overlay" }, images.Select(p => p.Name).ToArray());
        byte[] expected = [.. new[] { 0, 0.25, 1 }.Select(Colormaps.Viridis.Color).SelectMany(c => new[] { c.R, c.G, c.B })];
        CollectionAssert.AreEqual(expected, images[0].Image.Pixels);
    }

    [TestMethod]
    public void Render_SignedReduction_IsBlueWhiteRedAroundZero()
    {
        // Sums of the channels: -2, 0, 2.
        float[] gradient = [-1, 3, 1, -1, -1, 1, 0, -2, 0];
        byte[] heat = Image(gradient, AttributionKind.Sensitivity, "heatmap", s_standard with { Reduction = "sum" }).Pixels;
        CollectionAssert.AreEqual(new byte[] { 0, 0, 255, 255, 254, 254, 255, 0, 0 }, heat);
    }

    [TestMethod]
    public void Strongest_IsMaxAbsWithItsSign()
    {
        float[] gradient = [-1, 3, 1, -1, -1, 1, 0, -4, 0];

        CollectionAssert.AreEqual((float[])[-1, -4, 1], ChannelReduction.Strongest.Apply(gradient, 3));
        CollectionAssert.AreEqual((float[])[1, 4, 1], ChannelReduction.MaxAbs.Apply(gradient, 3));
    }

    [TestMethod]
    [DataRow(1f, "negative", "negative.png is blank: no value is below 0")]
    [DataRow(-1f, "positive", "positive.png is blank: no value is above 0")]
    public void Render_OneSign_LeavesTheOtherBlankAndSaysSo(float sign, string blank, string remark)
    {
        float[] gradient = [.. s_gradient.Select(v => sign * Math.Abs(v))];
        (Images images, IReadOnlyList<string> remarks) = AttributionImages.Render(
            gradient, AttributionKind.Sensitivity, s_input, s_standard);
        CollectionAssert.AreEqual(new[] { remark }, remarks.ToArray());
        Assert.IsTrue(images.Single(p => p.Name == blank).Image.Pixels.All(p => p == 0), "blank");
        string other = blank == "negative" ? "positive" : "negative";
        Assert.IsFalse(images.Single(p => p.Name == other).Image.Pixels.All(p => p == 0), "the other is not");
    }

    [TestMethod]
    public void Render_AllZero_SaysThatTheMapIsEmpty()
    {
        (Images images, IReadOnlyList<string> remarks) = AttributionImages.Render(
            new float[9], AttributionKind.Sensitivity, s_input, s_standard);
        CollectionAssert.AreEqual(new[] { "map is empty: every value is 0" }, remarks.ToArray());
        Assert.IsTrue(images[0].Image.Pixels.All(p => p == 128), "mid-grey");
        Assert.IsTrue(images.Skip(1).Take(3).All(p => p.Image.Pixels.All(v => v == 0)), "blank");
    }

    [TestMethod]
    public void Render_ValuesThatAreNotFinite_AreShownAsZeroAndCounted()
    {
        float[] gradient = [.. s_gradient];
        gradient[2] = float.NaN;
        gradient[4] = float.NegativeInfinity;
        (Images images, IReadOnlyList<string> remarks) = AttributionImages.Render(
            gradient, AttributionKind.Sensitivity, s_input, s_standard);
        CollectionAssert.AreEqual(new[] { "2 of 9 values are not finite (NaN or infinite), shown as 0" }, remarks.ToArray());
        CollectionAssert.AreEqual(Image(s_gradient, AttributionKind.Sensitivity, "color", s_standard).Pixels, images[0].Image.Pixels);
    }

    [TestMethod]
    public void Render_ConstantMap_IsBlankAndSaysSo()
    {
        (_, IReadOnlyList<string> remarks) = AttributionImages.Render([2.5f, 2.5f, 2.5f], AttributionKind.Map, s_input, s_standard);
        CollectionAssert.AreEqual(new[] { "heatmap.png is blank: every value is 2.5" }, remarks.ToArray());
    }

    [TestMethod]
    public void Render_SparseGradient_IsScaledToTheMaximumAndSaysSo()
    {
        var gradient = new float[3 * 400];
        gradient[7] = 5;
        (Images images, IReadOnlyList<string> remarks) =
            AttributionImages.Render(gradient, AttributionKind.Sensitivity, new RgbImage(40, 10, new byte[1200]), s_standard);
        Assert.AreEqual(255, images.Single(p => p.Name == "heatmap").Image.Pixels[3 * 7]);
        CollectionAssert.Contains(remarks.ToArray(), "heatmap.png is scaled to the maximum: clipping (99) would leave nothing of it");
    }

    [TestMethod]
    public void Render_OptionsThatAreNotKnown_AreRefused()
    {
        foreach (ImageOptions options in (ImageOptions[])
        [
            s_standard with { Alpha = 1.1 },
            s_standard with { Alpha = double.NaN },
            s_standard with { Colormap = "no" },
            s_standard with { Clip = "98" },
            s_standard with { Reduction = "mean" },
        ])
        {
            Assert.ThrowsExactly<InputException>(() => AttributionImages.Render(s_gradient, AttributionKind.Sensitivity, s_input, options));
        }
    }

    [TestMethod]
    public void Render_AttributionOfAnotherSize_IsRefused() =>
        Assert.ThrowsExactly<ArgumentException>(() =>
        AttributionImages.Render(new float[12], AttributionKind.Sensitivity, s_input, s_standard));

    private static void IsImage(string name, ImageOptions options, params byte[] expected) =>
        CollectionAssert.AreEqual(expected, Image(s_gradient, AttributionKind.Sensitivity, name, options).Pixels);

    private static RgbImage Image(float[] attribution, AttributionKind kind, string name, ImageOptions options) =>
        AttributionImages.Render(attribution, kind, s_input, options).Images.Single(p => p.Name == name).Image;
}
