using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Imaging;

[TestClass]
public sealed class SlicTests
{
    [TestMethod]
    [DataRow(255, 255, 255, 100, 0, 0)]
    [DataRow(255, 0, 0, 53.24, 80.09, 67.20)]
    [DataRow(0, 255, 0, 87.74, -86.18, 83.18)]
    [DataRow(0, 0, 255, 32.30, 79.19, -107.86)]
    [DataRow(10, 10, 10, 2.74, 0, 0)]
    public void CieLab_KnownColours(int r, int g, int b, double l, double a, double bb)
    {
        (double foundL, double foundA, double foundB) = CieLab.Of((byte)r, (byte)g, (byte)b);

        const string Reason = "published to two digits";
        Assert.AreEqual(l, foundL, 0.02, Reason);
        Assert.AreEqual(a, foundA, 0.02, Reason);
        Assert.AreEqual(bb, foundB, 0.02, Reason);
    }

    [TestMethod]
    public void OneColour_GivesARegularGrid()
    {
        Segmentation found = Slic.Segment(new RgbImage(12, 8, new byte[12 * 8 * 3]), 6, 10);

        Assert.AreEqual(6, found.Count);
        for (int i = 0; i < found.Labels.Length; i++)
        {
            Assert.AreEqual((i / 12 / 4 * 3) + (i % 12 / 4), found.Labels[i], $"pixel {i}");
        }
    }

    [TestMethod]
    public void TwoColours_BorderIsFollowed()
    {
        // A diagonal border, which no grid has.
        byte[] pixels = [.. Enumerable.Range(0, 40 * 40).SelectMany(i => i / 40 > i % 40 ? (byte[])[200, 30, 30] : [30, 30, 200])];

        Segmentation found = Slic.Segment(new RgbImage(40, 40, pixels), 16, 10);

        for (int k = 0; k < found.Count; k++)
        {
            IEnumerable<byte> reds = Enumerable.Range(0, 1600).Where(i => found.Labels[i] == k).Select(i => pixels[3 * i]);
            Assert.HasCount(1, reds.Distinct().ToArray(), $"piece {k} has one colour");
        }
    }

    [TestMethod]
    public void Photo_PiecesAreConnectedAndOfTheirSize()
    {
        RgbImage photo = ImageFile.Read(Golden.Path("vgg16-200", "chelsea-224.png"));

        Segmentation found = Slic.Segment(photo, 50, 10);

        Assert.IsTrue(found.Count is > 35 and < 70, $"{found.Count} pieces");
        Segmentation again = Slic.Connect(found.Labels, 224, 224, 0);
        Assert.AreEqual(found.Count, again.Count, "every piece is one connected part");
        CollectionAssert.AreEqual(found.Labels, again.Labels);
        int[] sizes = [.. found.Labels.CountBy(k => k).OrderBy(p => p.Key).Select(p => p.Value)];
        Assert.HasCount(found.Count, sizes);
        Assert.IsGreaterThan(224 * 224 / 50 / 4, sizes.Min());
        CollectionAssert.AreEqual(found.Labels, Slic.Segment(photo, 50, 10).Labels);
    }

    [TestMethod]
    public void Connect_FragmentsJoinTheirNeighbour()
    {
        int[] labels =
        [
            0, 0, 0, 1,
            0, 2, 0, 1,
            0, 0, 0, 1,
            1, 1, 0, 1,
        ];

        Segmentation found = Slic.Connect(labels, 4, 4, least: 1);

        CollectionAssert.AreEqual((int[])[0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 2, 2, 0, 1], found.Labels);
        Assert.AreEqual(3, found.Count);
    }

    [TestMethod]
    [DataRow(1, 1, 50)]
    [DataRow(2, 3, 50)]
    [DataRow(7, 1, 3)]
    public void TinyImages_HaveNoMorePiecesThanPixels(int width, int height, int pieces)
    {
        Segmentation found = Slic.Segment(new RgbImage(width, height, new byte[3 * width * height]), pieces, 10);

        Assert.IsTrue(found.Count >= 1 && found.Count <= width * height);
        Assert.HasCount(width * height, found.Labels);
    }
}
