using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;
using Interp.Engine.LabelSets.Patterns;

namespace Interp.Tests.Engine.LabelSets;

[TestClass]
public sealed class ColorNamesTests
{
    [TestMethod]
    [DataRow("black", 0, 0, 0)]
    [DataRow("white", 255, 255, 255)]
    [DataRow("white", 245, 245, 240)]
    [DataRow("grey", 128, 128, 128)]
    [DataRow("grey", 200, 200, 200)]
    [DataRow("red", 255, 0, 0)]
    [DataRow("red", 178, 34, 34)] // CSS firebrick
    [DataRow("green", 0, 128, 0)]
    [DataRow("green", 34, 139, 34)] // forestgreen
    [DataRow("blue", 0, 0, 255)]
    [DataRow("blue", 135, 206, 235)] // skyblue
    [DataRow("blue", 0, 0, 128)] // navy
    [DataRow("yellow", 255, 255, 0)]
    [DataRow("yellow", 240, 230, 140)] // khaki
    [DataRow("orange", 255, 165, 0)]
    [DataRow("orange", 255, 140, 0)] // darkorange
    [DataRow("brown", 139, 69, 19)] // saddlebrown
    [DataRow("brown", 92, 64, 51)]
    [DataRow("pink", 255, 192, 203)]
    [DataRow("pink", 255, 105, 180)] // hotpink
    [DataRow("purple", 128, 0, 128)]
    [DataRow("purple", 147, 112, 219)] // mediumpurple
    public void WellKnownColours_HaveTheirNames(string name, int r, int g, int b) =>
        Assert.AreEqual(name, ColorNames.Of((byte)r, (byte)g, (byte)b));

    [TestMethod]
    public void Prototypes_BearTheirOwnNames()
    {
        CollectionAssert.AreEqual(
            "black blue brown green grey orange pink purple red white yellow".Split(' '), ColorNames.All.ToArray());
        Assert.AreEqual(70, ColorPrototypes.All.Sum(c => c.Prototypes.Length)); // as the documentation says
        foreach ((string name, int[] prototypes) in ColorPrototypes.All)
        {
            foreach (int p in prototypes)
            {
                Assert.AreEqual(name, ColorNames.Of((byte)(p >> 16), (byte)(p >> 8), (byte)p));
            }
        }
    }

    /// <summary>The middle of L*a*b*'s way between two prototypes is of neither name; the plane leaves it out.</summary>
    [TestMethod]
    public void APlane_LeavesOutWhatIsUnsure()
    {
        byte unsure = (byte)Enumerable.Range(0, 60).MinBy(v => ColorNames.Nearest((byte)v, (byte)v, (byte)v).Margin);
        Assert.IsLessThan(ColorNames.Margin, ColorNames.Nearest(unsure, unsure, unsure).Margin);
        LabelPlane plane = ColorNames.Plane(new RgbImage(3, 1, [255, 0, 0, unsure, unsure, unsure, 0, 0, 0]), 7);
        CollectionAssert.AreEqual(
            new[] { (ushort)(8 + ColorNames.All.IndexOf("red")), LabelPlane.Void, (ushort)(8 + ColorNames.All.IndexOf("black")) },
            plane.Labels);
        Assert.AreEqual("color", plane.Category);
    }
}
