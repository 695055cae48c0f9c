using Interp.Cli.Reporting;

namespace Interp.Tests.Cli.Reporting;

[TestClass]
public sealed class MapCodeTests
{
    [TestMethod]
    public void Of_SignedPlane_GivesStepLargestAndPercentile()
    {
        float[] plane = [.. Enumerable.Range(0, 101).Select(i => (float)-i)];

        MapCode code = MapCode.Of(plane);

        Assert.AreEqual(100.0 / 32767, code.Step);
        Assert.AreEqual(100, code.Max);
        Assert.AreEqual(99, code.Clip);
        Assert.AreEqual(0, code.Low);
    }

    [TestMethod]
    public void Of_PlaneAboveZero_KnowsItsLeast() => Assert.AreEqual(2, MapCode.Of([3, 2, 7]).Low);

    [TestMethod]
    [DataRow(0f)]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void Of_PlaneWithoutAnything_HasFiniteNumbers(float value)
    {
        MapCode code = MapCode.Of([value, value, value]);

        Assert.AreEqual((1.0, 0.0, 0.0, 0.0), (code.Step, code.Low, code.Max, code.Clip));
    }

    [TestMethod]
    public void Of_SmoothPlane_IsMuchSmallerThanItsValues()
    {
        float[] plane = [.. Enumerable.Range(0, 224 * 224).Select(i => (float)Math.Sin(i / 224 / 50.0))];

        Assert.IsLessThan(plane.Length / 10, MapCode.Of(plane).Data.Length);
    }
}
