using Interp.Engine.Attribution.Gradients;

namespace Interp.Tests.Engine.Attribution.Gradients;

[TestClass]
public sealed class QuadratureTests
{
    [TestMethod]
    public void GaussLegendre_TwoPoints_AreTheTextbooks()
    {
        (double Node, double Weight)[] points = Quadrature.GaussLegendre.Points(2);

        Assert.AreEqual(0.5 - (0.5 / Math.Sqrt(3)), points[0].Node, 1e-15, "float64 rounding");
        Assert.AreEqual(0.5 + (0.5 / Math.Sqrt(3)), points[1].Node, 1e-15, "float64 rounding");
        Assert.AreEqual(0.5, points[0].Weight, 1e-15, "float64 rounding");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(50)]
    [DataRow(301)]
    public void GaussLegendre_AnyCount_IsExactForPolynomialsOfDegree2nMinus1(int n)
    {
        (double Node, double Weight)[] points = Quadrature.GaussLegendre.Points(n);

        foreach (int degree in (int[])[0, 1, n, (2 * n) - 1])
        {
            Assert.AreEqual(1.0 / (degree + 1), points.Sum(p => p.Weight * Math.Pow(p.Node, degree)), 1e-13,
                $"float64 rounding of a sum of {n} terms, degree {degree}");
        }

        CollectionAssert.AreEqual(points.Select(p => p.Node).Order().ToArray(), points.Select(p => p.Node).ToArray());
    }

    [TestMethod]
    public void Midpoint_FourPoints_AreTheMiddles()
    {
        CollectionAssert.AreEqual((double[])[0.125, 0.375, 0.625, 0.875], Quadrature.Midpoint.Points(4).Select(p => p.Node).ToArray());
        CollectionAssert.AreEqual((double[])[0.25, 0.25, 0.25, 0.25], Quadrature.Midpoint.Points(4).Select(p => p.Weight).ToArray());
    }
}
