using System.Security.Cryptography;
using Interp.Engine.LabelSets;
using Interp.Engine.LabelSets.Patterns;
using Interp.Engine.LabelSets.Patterns.Shapes;

namespace Interp.Tests.Engine.LabelSets;

[TestClass]
public sealed class PatternSetTests
{
    /// <summary>A pixel bears a region's labels where 16 points of it lie in the shape, asked by another way than the painter's.</summary>
    [TestMethod]
    [DataRow(224, 224, 0)]
    [DataRow(96, 160, 7)]
    [DataRow(33, 20, 3)]
    public void Masks_EqualAPlainTwin(int height, int width, int seed)
    {
        var set = new PatternSet(height, width, (ulong)seed, 12);
        for (int index = 0; index < set.Count; index++)
        {
            LabelledImage image = set.Read(index);
            PatternScene scene = PatternScene.Of(height, width, (ulong)seed, index);
            if (scene.ShowsContours)
            {
                CollectionAssert.AreEqual(new[] { "color", "edge" }, image.Planes.Select(p => p.Category).ToArray());
                continue;
            }

            CollectionAssert.AreEqual(new[] { "color", "texture", "shape" }, image.Planes.Select(p => p.Category).ToArray());
            ushort[] textures = new ushort[height * width], shapes = new ushort[height * width];
            foreach (PatternRegion region in scene.Regions)
            {
                ushort texture = Label(set, "texture", region.Pattern.Name), shape = Label(set, "shape", region.Shape.Name);
                for (int i = 0; i < textures.Length; i++)
                {
                    int inside = Enumerable.Range(0, 16).Count(p => Contains(region, (i % width) + ((p % 4) / 4.0) + 0.125,
                        (i / width) + ((p / 4) / 4.0) + 0.125));
                    if (inside > 0)
                    {
                        (textures[i], shapes[i]) = inside == 16 ? (texture, shape) : (LabelPlane.Void, LabelPlane.Void);
                    }
                }
            }

            CollectionAssert.AreEqual(textures, image.Planes[1].Labels, $"textures of {index}");
            CollectionAssert.AreEqual(shapes, image.Planes[2].Labels, $"shapes of {index}");
        }
    }

    /// <summary>Textures, shapes and first colours are dealt like cards: of 240 images' 320 regions each texture has 26 or 27.</summary>
    [TestMethod]
    public void EveryConcept_IsThereOften()
    {
        var set = new PatternSet(64, 64);
        var images = new int[set.Concepts.Length];
        var pixels = new long[set.Concepts.Length];
        for (int i = 0; i < set.Count; i++)
        {
            foreach (IGrouping<ushort, ushort> label in set.Read(i).Planes.SelectMany(p => p.Labels)
                .Where(l => l is > 0 and < LabelPlane.Void).GroupBy(l => l))
            {
                images[label.Key - 1]++;
                pixels[label.Key - 1] += label.Count();
            }
        }

        foreach ((Concept concept, int count, long area) in set.Concepts.Select((c, i) => (c, images[i], pixels[i])))
        {
            (int least, double share) = concept.Category switch
            {
                "texture" => (26, 0.004),
                "shape" => (50, 0.006),
                "color" => (60, 0.008),
                _ => (25, 0.001),
            };
            Assert.IsGreaterThanOrEqualTo(least, count, concept.Name);
            Assert.IsGreaterThanOrEqualTo(share, area / (64.0 * 64 * set.Count), concept.Name);
            Assert.IsTrue(concept.Category != "texture" || count <= 27, concept.Name);
        }
    }

    [TestMethod]
    public void AnImage_IsAFunctionOfSeedAndIndexAlone()
    {
        PatternSet few = new(80, 100, 5, 4), many = new(80, 100, 5, 1000), other = new(80, 100, 6, 4);
        LabelledImage last = many.Read(999), image = many.Read(3);
        CollectionAssert.AreEqual(few.Read(3).Image.Pixels, image.Image.Pixels);
        Assert.AreEqual("pattern-0003", image.Name);
        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(image.Image.Pixels)), image.Hash);
        Assert.AreEqual(4, new[] { image.Hash, last.Hash, other.Read(3).Hash, few.Read(2).Hash }.Distinct().Count());
        for (int p = 0; p < image.Planes.Length; p++)
        {
            CollectionAssert.AreEqual(few.Read(3).Planes[p].Labels, image.Planes[p].Labels);
        }
    }

    /// <summary>The bytes are the same on every machine: these were made on one with AVX-512 under Linux.</summary>
    [TestMethod]
    [DataRow(0, "abdeb5f69e245607")]
    [DataRow(1, "2eedfef0e39d6d52")]
    [DataRow(2, "0cee1c7028911176")]
    public void Bytes_AreTheSameEverywhere(int index, string hash) =>
        Assert.AreEqual(hash, new PatternSet(224, 224).Read(index).Hash[..16]);

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(8, 8)]
    [DataRow(3, 200)]
    [DataRow(300, 16)]
    public void AnySize_IsPainted(int height, int width)
    {
        var set = new PatternSet(height, width, 1, 6);
        for (int i = 0; i < set.Count; i++)
        {
            LabelledImage image = set.Read(i);
            Assert.AreEqual((width, height), (image.Image.Width, image.Image.Height));
            Assert.IsTrue(image.Planes.All(p => p.Width == width && p.Height == height));
            Assert.IsTrue(image.Planes.All(p => p.Labels.All(l => l is 0 or LabelPlane.Void
                || set.Concepts[l - 1].Category == p.Category)));
        }

        Assert.Contains($"{width}x{height} pixels are few", string.Join(';', set.Remarks));
    }

    [TestMethod]
    public void Grey_LeavesColoursOutAndChangesNoImage()
    {
        PatternSet grey = new(64, 64, 0, 6, grey: true), colored = new(64, 64, 0, 6);
        CollectionAssert.AreEqual(new[] { "texture", "shape", "edge" }, grey.Categories);
        Assert.Contains("no colours", string.Join(';', grey.Remarks));
        for (int i = 0; i < 6; i++)
        {
            LabelledImage a = grey.Read(i), b = colored.Read(i);
            Assert.AreEqual(a.Hash, b.Hash);
            Assert.DoesNotContain("color", a.Planes.Select(p => p.Category));
            CollectionAssert.AreEqual(Names(grey, a.Planes[0]), Names(colored, b.Planes[1]));
        }

        static string[] Names(PatternSet set, LabelPlane plane) =>
            [.. plane.Labels.Select(l => l is 0 or LabelPlane.Void ? l.ToString() : set.Concepts[l - 1].ToString())];
    }

    [TestMethod]
    public void AnIndexBeyondTheLast_IsRefused()
    {
        var set = new PatternSet(8, 8, 0, 3);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => set.Read(3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => set.NameOf(-1));
    }

    private static ushort Label(PatternSet set, string category, string name) =>
        (ushort)(1 + set.Concepts.IndexOf(new Concept(name, category)));

    /// <summary>By distances for circles, by the triangles between the centre and each side for polygons.</summary>
    private static bool Contains(PatternRegion region, double x, double y)
    {
        (double dx, double dy) = (x - region.X, y - region.Y);
        if (region.Shape is not Polygon polygon)
        {
            double distance = Math.Sqrt((dx * dx) + (dy * dy)) / region.Radius;
            return distance < 1 && distance >= (region.Shape.Name == "ring" ? 0.55 : 0);
        }

        (double X, double Y)[] corners = [.. polygon.Corners.Select(c => region.Place(c))];
        return Enumerable.Range(0, corners.Length).Any(i => IsInTriangle(
            (x, y), (region.X, region.Y), corners[i], corners[(i + 1) % corners.Length]));
    }

    private static bool IsInTriangle((double X, double Y) p, params (double X, double Y)[] t)
    {
        double[] sides = [.. Enumerable.Range(0, 3).Select(i => Cross(t[i], t[(i + 1) % 3], p))];
        return sides.All(s => s >= 0) || sides.All(s => s <= 0);
    }

    private static double Cross((double X, double Y) a, (double X, double Y) b, (double X, double Y) p) =>
        ((b.X - a.X) * (p.Y - a.Y)) - ((b.Y - a.Y) * (p.X - a.X));
}
