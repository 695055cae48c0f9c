using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Tests.Engine.Imaging;

[TestClass]
public sealed class ColormapTests
{
    [TestMethod]
    [DataRow("viridis", 0)]
    [DataRow("inferno", 1)]
    public void Color_ListedMap_IsMatplotlibsWithinOne(string name, int row)
    {
        RgbImage tables = ImageFile.Read(ImageFixtures.PathOf("colormaps.png"));
        Colormap map = Colormap.All.Find(name);
        for (int i = 0; i < 256; i++)
        {
            int at = 3 * ((row * 256) + i);
            (byte r, byte g, byte b) = map.Color(i / 255.0);
            foreach ((int expected, int actual) in tables.Pixels.Skip(at).Take(3).Zip([r, g, b]))
            {
                // The anchors were chosen for this bound.
                Assert.IsLessThanOrEqualTo(1, Math.Abs(expected - actual), $"entry {i}");
            }
        }
    }

    [TestMethod]
    public void Color_Jet_FollowsItsFormula()
    {
        static byte Channel(double value, int centre) => (byte)((255 * Math.Clamp(1.5 - Math.Abs((4 * value) - centre), 0, 1)) + 0.5);
        for (int i = 0; i < 256; i++)
        {
            double v = i / 255.0;
            (byte r, byte g, byte b) = Colormaps.Jet.Color(v);

            // One step: the darkest blue and red are 127.5, which the anchors round to 128.
            Assert.AreEqual(Channel(v, 3), r, 1.0, $"red of {i}");
            Assert.AreEqual(Channel(v, 2), g, 1.0, $"green of {i}");
            Assert.AreEqual(Channel(v, 1), b, 1.0, $"blue of {i}");
        }
    }

    [TestMethod]
    [DataRow("jet", 0.0, 0, 0, 128)]
    [DataRow("jet", 1.0, 128, 0, 0)]
    [DataRow("grey", 0.5, 128, 128, 128)]
    [DataRow("hot", 2.0 / 3, 255, 255, 0)]
    [DataRow("bwr", 0.0, 0, 0, 255)]
    [DataRow("bwr", 1.0, 255, 0, 0)]
    [DataRow("bwr", 0.5, 255, 254, 254)]
    public void Color_KnownValue_IsItsColour(string name, double value, int r, int g, int b) =>
        Assert.AreEqual(((byte)r, (byte)g, (byte)b), Colormap.All.Find(name).Color(value));

    [TestMethod]
    public void Color_OutsideTheRange_IsClamped()
    {
        Assert.AreEqual(Colormaps.Jet.Color(0), Colormaps.Jet.Color(-3));
        Assert.AreEqual(Colormaps.Jet.Color(1), Colormaps.Jet.Color(double.PositiveInfinity));
        Assert.AreEqual(Colormaps.Jet.Color(0), Colormaps.Jet.Color(double.NaN));
    }

    [TestMethod]
    public void All_UnknownName_ListsTheMaps() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<InputException>(() => Colormap.All.Find("rainbow")).Message,
            "jet, viridis, inferno, hot, grey, bwr");
}
