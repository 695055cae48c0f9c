using Interp.Engine.Attribution.Perturbation;

namespace Interp.Tests.Engine.Attribution.Perturbation;

[TestClass]
public sealed class RefinementTests
{
    [TestMethod]
    public void OneSpike_OnlyItsSurroundingsAreMeasured()
    {
        var refinement = new Refinement(5, 7);
        double[] values = refinement.Run(0.5, (points, _) => [.. points.Select(p => p == (2 * 7) + 2 ? 1.0 : 0)]);

        Assert.AreEqual(12 + 8, refinement.Measured, "3×4 coarse points, and the 8 around the spike");
        Assert.AreEqual(1, values.Sum());
    }

    [TestMethod]
    public void LinearField_IsFoundExactlyFromTheCoarsePoints()
    {
        var refinement = new Refinement(5, 5);
        double[] values = refinement.Run(1, (points, _) => [.. points.Select(Field)]);

        Assert.AreEqual(9, refinement.Measured);
        CollectionAssert.AreEqual(Enumerable.Range(0, 25).Select(Field).ToArray(), values);

        static double Field(int p) => (3 * (p / 5)) + (p % 5);
    }

    [TestMethod]
    public void EvenSizes_MeasureWhatLiesBeyondTheLastCoarsePoint()
    {
        var refinement = new Refinement(4, 4);
        refinement.Run(1, (points, _) => [.. points.Select(_ => 1.0)]);

        Assert.AreEqual(4 + 7, refinement.Measured);
    }
}
