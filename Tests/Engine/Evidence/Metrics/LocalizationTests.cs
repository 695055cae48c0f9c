using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Metrics;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Evidence.Metrics;

[TestClass]
public sealed class LocalizationTests
{
    private static readonly PixelBox Middle = new(1, 1, 3, 3);

    // A region of four pixels in the box's left column and beside it, one pixel apart from it, and a negative value.
    private static readonly float[] Map =
    [
        0, 0, 0, 5,
        8, 10, 0, 0,
        2, 4, 1, 0,
        0, 0, -9, 0,
    ];

    [TestMethod]
    [DataRow(1, 1, 1.0)]
    [DataRow(0, 0, 0.0)]
    public void Pointing_IsAHitIfTheLargestValueIsInTheBox(int x, int y, double expected)
    {
        var map = new float[16];
        map[(y * 4) + x] = 1;

        Assert.AreEqual(expected, Measure(new PointingGame(), map, Middle).Values[0]);
    }

    [TestMethod]
    public void Pointing_OfAnEmptyMap_IsTheShareOfTheBoxes()
    {
        Assert.AreEqual(4.0 / 16, Measure(new PointingGame(), new float[16], Middle).Values[0]);
        Assert.AreEqual(5.0 / 16, Measure(new PointingGame(), new float[16], Middle, new PixelBox(0, 0, 1, 1)).Values[0]);
    }

    [TestMethod]
    public void Box_OfAHandMadeMap_HasTheHandWorkedValues()
    {
        EvidenceFinding found = Measure(new BoxLocalization(), Map, Middle);

        // Above 1.5: the region x 0…1, y 1…2 of four pixels and the lone one. Its box shares 2 of 6 pixels with the given one.
        Assert.AreEqual(15.0 / 30, found["box-share"]);
        Assert.AreEqual(2.0 / 6, found["box-iou"]);
        Assert.AreEqual(0, found["box-hit"]);
        Assert.AreEqual(1, Measure(new BoxLocalization(), Map, Middle, new PixelBox(0, 1, 2, 3))["box-hit"]);
    }

    [TestMethod]
    public void Box_WhereNothingSpeaksForTheTarget_IsNone()
    {
        EvidenceFinding found = Measure(new BoxLocalization(), [.. Enumerable.Repeat(-1f, 16)], Middle);

        Assert.IsTrue(double.IsNaN(found["box-share"]));
        Assert.AreEqual(0, found["box-iou"]);
    }

    [TestMethod]
    public void Metrics_WithoutABoxInTheImage_SaySo()
    {
        foreach (EvidenceMetric metric in (EvidenceMetric[])[new PointingGame(), new BoxLocalization()])
        {
            InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(
                () => Measure(metric, Map, new PixelBox(2, 2, 2, 4)));
            Assert.Contains("no box", e.Message);
        }
    }

    [TestMethod]
    public void Box_ThroughThePreparation_IsResizedAndCropped()
    {
        // 64 becomes 256, four pixels for one, and 16 are cut off at each side.
        Assert.AreEqual(new PixelBox(0, 0, 224, 212), new PixelBox(2, 0, 64, 57).Through((64, 64), Preprocessing.ImageNet));
        Assert.AreEqual(new PixelBox(24, 64, 64, 104), new PixelBox(10, 20, 20, 30).Through((64, 64), Preprocessing.ImageNet));

        // 512×384 becomes 341×256 by 2/3; (341 − 224) / 2 = 58.5 is rounded to 58, the even one. 201·341/512 − 58 = 75.87 and 399·341/512 −
        // 58 = 207.75.
        Assert.AreEqual(new PixelBox(76, 50, 208, 184), new PixelBox(201, 99, 399, 300).Through((512, 384), Preprocessing.ImageNet));
        Assert.AreEqual(0, new PixelBox(0, 0, 60, 384).Through((512, 384), Preprocessing.ImageNet).Area);

        // Stretched to 256×256, x is halved and y is multiplied by 2/3: 100..200 is 50..100, 90..180 is 60..120, less 16.
        Preprocessing stretched = Preprocessing.ImageNet with { Stretch = true };
        Assert.AreEqual(new PixelBox(34, 44, 84, 104), new PixelBox(100, 90, 200, 180).Through((512, 384), stretched));
    }

    private static EvidenceFinding Measure(EvidenceMetric metric, float[] map, params PixelBox[] boxes)
    {
        using var backend = new ReferenceBackend();
        return EvidenceCases.Measure(metric, backend, map, [.. boxes]);
    }
}
