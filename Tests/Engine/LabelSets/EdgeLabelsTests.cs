using Interp.Engine.LabelSets;
using Interp.Engine.LabelSets.Patterns;

namespace Interp.Tests.Engine.LabelSets;

[TestClass]
public sealed class EdgeLabelsTests
{
    /// <summary>The sides of a square turned by k · 22.5° have the orientations k and k + 4, wherever one looks along them.</summary>
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(7)]
    public void ASquaresSides_HaveTheirOrientation(int orientation)
    {
        double radians = orientation * Math.PI / 8;
        (double cosine, double sine) = EdgeLabels.Direction(orientation);
        Assert.AreEqual(Math.Cos(radians), cosine, 1e-15);
        Assert.AreEqual(-Math.Sin(radians), sine, 1e-15); // down is positive on an image

        LabelPlane plane = Plane(0, orientation);
        double apothem = 70 * 0.7071;
        foreach (double along in new[] { -20.0, 0, 20 })
        {
            // From the centre up along the side's normal, (−sin, −cos) on the image, and then along the side.
            Assert.AreEqual(EdgeLabels.Names[orientation], Name(plane,
                112 + (apothem * -Math.Sin(radians)) + (along * Math.Cos(radians)),
                112 + (apothem * -Math.Cos(radians)) - (along * Math.Sin(radians))));
            Assert.AreEqual(EdgeLabels.Names[(orientation + 4) % 8], Name(plane,
                112 + (apothem * Math.Cos(radians)) + (along * Math.Sin(radians)),
                112 - (apothem * Math.Sin(radians)) + (along * Math.Cos(radians))));
        }
    }

    /// <summary>A square of half side 70 · 0.7071 = 49.5 about (112, 112): along the middle row and from a corner outwards.</summary>
    [TestMethod]
    [DataRow(112.5, 112.5, null)]
    [DataRow(161.5, 112.5, "edge 90")]
    [DataRow(164.5, 112.5, "edge 90")]
    [DataRow(166.5, 112.5, "void")]
    [DataRow(168.5, 112.5, null)]
    [DataRow(161.5, 161.5, "corner")]
    [DataRow(166.5, 165.5, "corner")]
    [DataRow(168.5, 167.5, "void")]
    [DataRow(172.5, 172.5, null)]
    public void ASquaresLabels_LieAboutItsContour(double x, double y, string? name) => Assert.AreEqual(name, Name(Plane(0, 0), x, y));

    /// <summary>A bar from 42.35 to 181.65, 14 pixels thick.</summary>
    [TestMethod]
    [DataRow(112.5, 112.5, null)]
    [DataRow(112.5, 105.5, "edge 0")]
    [DataRow(112.5, 118.5, "edge 0")]
    [DataRow(181.5, 112.5, "end")]
    [DataRow(187.0, 112.5, "end")]
    [DataRow(42.5, 106.5, "end")]
    [DataRow(174.5, 112.5, "void")]
    [DataRow(170.5, 105.5, "edge 0")]
    public void ABar_HasEndsAndNoCorners(double x, double y, string? name) => Assert.AreEqual(name, Name(Plane(2, 0), x, y));

    [TestMethod]
    public void ARightTriangle_HasThreeSidesAndThreeCorners()
    {
        LabelPlane plane = Plane(1, 0);
        Assert.AreEqual("edge 0", Name(plane, 112, 161.5));
        Assert.AreEqual("edge 90", Name(plane, 62.5, 112));
        Assert.AreEqual("edge 135", Name(plane, 112.5, 112.5)); // down to the right
        Assert.AreEqual("corner", Name(plane, 62.5, 161.5));
        Assert.AreEqual("corner", Name(plane, 62.5, 62.5));
    }

    private static LabelPlane Plane(int shape, int orientation) => EdgeLabels.Plane(
        [
            new PatternRegion(
                EdgeLabels.Shapes[shape], PatternCatalog.All.Find("solid"), new PatternForm(new Dice(0, 0), 10, 70), default, default)
            {
                Direction = EdgeLabels.Direction(orientation), X = 112, Y = 112, Radius = 70,
            },
        ],
        224,
        224,
        1,
        0);

    private static string? Name(LabelPlane plane, double x, double y) => plane.Labels[((int)y * plane.Width) + (int)x] switch
    {
        0 => null,
        LabelPlane.Void => "void",
        ushort label => EdgeLabels.Names[label - 1],
    };
}
