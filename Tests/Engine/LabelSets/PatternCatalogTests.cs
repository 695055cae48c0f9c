using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;
using Interp.Engine.LabelSets.Patterns;

namespace Interp.Tests.Engine.LabelSets;

[TestClass]
public sealed class PatternCatalogTests
{
    [TestMethod]
    public void TheCatalog_HasTheTwelveTextures()
    {
        CollectionAssert.AreEquivalent(
            "striped dotted chequered zigzagged grid crosshatched concentric speckled solid gradient waves bricks".Split(' '),
            PatternCatalog.All.Names.ToArray());
        Assert.IsTrue(PatternCatalog.All.All(p => p.Summary.Length is > 5 and < 80));
        CollectionAssert.AreEqual(
            PatternCatalog.All.Names.Concat(ColorNames.All).ToArray(), GeneratedImages.Concepts.Select(c => c.Name).ToArray());
    }

    /// <summary>Worked points, in periods; duty is between 0.35 and 0.65.</summary>
    [TestMethod]
    [DataRow("striped", 0.1, 5.7, 1)]
    [DataRow("striped", 3.9, 0.2, 0)]
    [DataRow("dotted", 2.5, 1.5, 1)]
    [DataRow("dotted", 2.5, 1.76, 1)] // the radius is at least 0.27
    [DataRow("dotted", 2.5, 1.84, 0)] // and at most 0.33
    [DataRow("dotted", 2.0, 1.0, 0)]
    [DataRow("chequered", 0.25, 0.25, 0)]
    [DataRow("chequered", 0.75, 0.25, 1)]
    [DataRow("chequered", 0.75, 0.75, 0)]
    [DataRow("chequered", -0.25, 0.25, 1)]
    [DataRow("zigzagged", 0.1, 0.8, 1)] // Triangle(0.5) = 0: not moved
    [DataRow("zigzagged", 0.25, 0.4, 0)] // Triangle(0.25) = 0.5: moved by half a period, to 0.75
    [DataRow("zigzagged", 0.6, 1.2, 1)]
    [DataRow("waves", 0.1, 0, 1)]
    [DataRow("waves", 0.2, 0.6, 0)] // t = −½ moves by −½, to 0.7
    [DataRow("waves", 0.7, 1.8, 1)] // t = ½ moves by ½, to 0.2
    [DataRow("grid", 0.1, 0.5, 1)]
    [DataRow("grid", 0.5, 0.1, 1)]
    [DataRow("grid", 0.5, 0.5, 0)]
    [DataRow("crosshatched", 0.05, 0.4, 1)]
    [DataRow("crosshatched", 0.4, 0.40, 1)] // 0.5 · 0.4 + 0.866 · 0.4 = 0.546, twice of it 1.09
    [DataRow("crosshatched", 0.4, 0.2, 0)]
    [DataRow("concentric", 0.06, 0.08, 1)]
    [DataRow("concentric", 3, 4, 1)]
    [DataRow("concentric", 0.54, 0.72, 0)]
    [DataRow("solid", 0.1, 0.1, 0)]
    [DataRow("gradient", -99, 0, 0)]
    [DataRow("gradient", 0.5, 7, 0.5)]
    [DataRow("gradient", 99, 0, 1)]
    [DataRow("bricks", 1, 0.05, 1)]
    [DataRow("bricks", 0.05, 0.5, 1)]
    [DataRow("bricks", 1.05, 0.5, 0)]
    [DataRow("bricks", 0.05, 1.5, 0)]
    [DataRow("bricks", 1.05, 1.5, 1)]
    public void APattern_FollowsItsFormula(string name, double u, double v, double second) =>
        Assert.AreEqual(second, PatternCatalog.All.Find(name).Second(u, v, new PatternForm(new Dice(1, 2), 10, 100)), 1e-12);

    /// <summary>Specks cover as much of the plane as their radii say: with a radius uniform in 0.2…0.6 of a cell's side and three of four
    /// cells full, 1 − exp(−0.75 · π · E r²) of it, were they anywhere; they are at most one a cell, so that it is a little more.
    /// </summary>
    [TestMethod]
    public void Specks_CoverTheirShare()
    {
        var form = new PatternForm(new Dice(3, 4), 10, 100);
        Pattern speckled = PatternCatalog.All.Find("speckled");
        double share = Enumerable.Range(0, 40_000).Average(i => speckled.Second(0.08 * (i % 200), 0.08 * (i / 200), form));
        double chance = 1 - Math.Exp(-0.75 * Math.PI * ((0.6 * 0.6 * 0.6) - (0.2 * 0.2 * 0.2)) / (3 * 0.4));
        Assert.IsGreaterThan(chance, share + 0.02);
        Assert.IsLessThan(chance + 0.08, share);
    }

    /// <summary>All textures but a plain one have light and dark.</summary>
    [TestMethod]
    public void FullFrames_ShowTheirTexture()
    {
        foreach (string name in PatternCatalog.All.Names)
        {
            RgbImage image = GeneratedImages.FullFrame(name.ToUpperInvariant(), 96, 128, 9, 2);
            Assert.AreEqual((128, 96), (image.Width, image.Height));
            CollectionAssert.AreEqual(image.Pixels, GeneratedImages.FullFrame(name, 96, 128, 9, 2).Pixels);
            CollectionAssert.AreNotEqual(image.Pixels, GeneratedImages.FullFrame(name, 96, 128, 9, 3).Pixels);
            CollectionAssert.AreNotEqual(image.Pixels, GeneratedImages.FullFrame(name, 96, 128, 8, 2).Pixels);
            double[] luma = [.. Enumerable.Range(0, 96 * 128).Select(i =>
                (0.299 * image.Pixels[3 * i]) + (0.587 * image.Pixels[(3 * i) + 1]) + (0.114 * image.Pixels[(3 * i) + 2])).Order()];
            double spread = luma[(int)(0.95 * luma.Length)] - luma[(int)(0.05 * luma.Length)];
            Assert.AreEqual(name != "solid", spread > 40, $"{name}: luma spreads over {spread:0}");
        }
    }

    /// <summary>Nine of ten pixels of an image of a colour bear its name, or are unsure of any.</summary>
    [TestMethod]
    public void FullFrames_ShowTheirColour()
    {
        foreach (string name in ColorNames.All)
        {
            for (int i = 0; i < 6; i++)
            {
                LabelPlane plane = ColorNames.Plane(GeneratedImages.FullFrame(name, 48, 48, 0, i));
                double own = plane.Labels.Count(l => l == ColorNames.All.IndexOf(name) + 1) / (48.0 * 48);
                double unsure = plane.Labels.Count(l => l == LabelPlane.Void) / (48.0 * 48);
                Assert.IsGreaterThan(0.5, own, $"{name} {i}");
                Assert.IsGreaterThan(0.9, own + unsure, $"{name} {i}");
            }
        }
    }

    [TestMethod]
    public void Noise_IsOfNoConceptAndAnImageOfItsOwn()
    {
        RgbImage a = GeneratedImages.Noise(40, 56, 0, 0), b = GeneratedImages.Noise(40, 56, 0, 1);
        CollectionAssert.AreEqual(a.Pixels, GeneratedImages.Noise(40, 56, 0, 0).Pixels);
        CollectionAssert.AreNotEqual(a.Pixels, b.Pixels);
        CollectionAssert.AreNotEqual(a.Pixels, GeneratedImages.Noise(40, 56, 1, 0).Pixels);
        Assert.AreEqual((56, 40), (a.Width, a.Height));
        Assert.IsGreaterThan(20, a.Pixels.Max() - a.Pixels.Min());
    }

    [TestMethod]
    public void AnUnknownConcept_IsNamed()
    {
        InputException error = Assert.ThrowsExactly<InputException>(() => GeneratedImages.FullFrame("zebra", 8, 8, 0, 0));
        Assert.StartsWith("unknown generated concept 'zebra': expected one of striped, dotted,", error.Message);
    }
}
