using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Imaging;

/// <summary>Balls of both norms, the box and the lattice of whole grey levels.</summary>
[TestClass]
public sealed class PixelBallTests
{
    private static readonly float[] s_center = [.. new Random(2).GetItems(Enumerable.Range(0, 256).ToArray(), 500).Select(v => (float)v)];

    public static IEnumerable<object[]> Norms => PixelNorm.All.SelectMany(n => ((double[])[0.3, 1, 2.5, 8, 64, 900]).Select(
        r => new object[] { n.Name, r }));

    [TestMethod]
    [DynamicData(nameof(Norms))]
    public void ProjectAndSnap_AnyImage_StayInTheBallTheBoxAndTheLattice(string norm, double radius)
    {
        var ball = new PixelBall(PixelNorm.All.Find(norm), radius, s_center, 255);
        foreach (double size in (double[])[0.1, 3, 40, 300])
        {
            float[] x = [.. s_center.Zip(new Gaussian((int)size).Values(500, size), (c, d) => c + d)];
            ball.Project(x);
            Assert.IsTrue(ball.Contains(x));
            double before = ball.Norm.Distance(s_center, x);
            float[] again = [.. x];
            ball.Project(again);
            TensorAssert.RelativeL2([.. x.Select(v => (double)v)], again, 1e-6, "a projection");
            ball.Snap(x);
            Assert.IsTrue(x.All(v => v == MathF.Floor(v) && v is >= 0 and <= 255));
            Assert.IsTrue(ball.Contains(x));
            float[] twice = [.. x];
            ball.Snap(twice);
            CollectionAssert.AreEqual(x, twice, "whole images stay as they are");
            if (norm == "l2")
            {
                Assert.IsLessThanOrEqualTo(before * (1 + 1e-9), ball.Norm.Distance(s_center, x), "no farther than before");
                double step = (2 * x.Zip(s_center).Max(v => Math.Abs(v.First - v.Second))) + 1;
                Assert.IsGreaterThanOrEqualTo(
                    Math.Sqrt(Math.Max(0, (before * before) - (2 * step))), ball.Norm.Distance(s_center, x) + 1e-6,
                    "and, but for a level more of the largest value or two, as far");
            }
        }
    }

    [TestMethod]
    public void Snap_L2OfASmallDenseChange_KeepsTheLargestValues()
    {
        float[] center = new float[100], x = new float[100];
        for (int i = 0; i < 100; i++)
        {
            (center[i], x[i]) = (100, 100 + (0.004f * i));
        }

        // Σ (0.004 i)² = 5.25: five values can move by a whole level, and rounding would move none.
        new PixelBall(PixelNorm.L2, 10, center, 255).Snap(x);
        CollectionAssert.AreEqual(Enumerable.Range(0, 100).Select(i => i >= 95 ? 101f : 100f).ToArray(), x);
    }

    [TestMethod]
    public void Snap_LInfOfAFraction_RoundsWithinTheRadius()
    {
        float[] center = [10, 10, 10, 254], x = [12.5f, 8.2f, 7.5f, 255];
        new PixelBall(PixelNorm.LInf, 2.5, center, 255).Snap(x);
        CollectionAssert.AreEqual((float[])[12, 8, 8, 255], x);
    }

    [TestMethod]
    public void Steepest_ZeroOrNoNumber_IsNoDirection()
    {
        foreach (PixelNorm norm in PixelNorm.All)
        {
            float[] direction = [5, 5];
            norm.Steepest([0, 0], direction);
            CollectionAssert.AreEqual((float[])[0, 0], direction);
        }

        float[] none = [5, 5];
        PixelNorm.L2.Steepest([float.NaN, 1], none);
        CollectionAssert.AreEqual((float[])[0, 0], none);
    }

    [TestMethod]
    public void Inside_ManyDraws_AreEvenInTheBall()
    {
        var x = new float[40_000];
        PixelNorm.LInf.Inside(new Rng(1, 2), 3, whole: true, x);
        for (int k = -3; k <= 3; k++)
        {
            Assert.AreEqual(1 / 7.0, x.Count(v => v == k) / 40_000.0, 0.01, $"share of {k}, within 5 deviations");
        }

        PixelNorm.L2.Inside(new Rng(1, 2), 7, whole: true, x);
        Assert.AreEqual(7, PixelNorm.L2.Distance(new float[x.Length], x), 0.01, "nearly all of a ball of many dimensions is at its rim");
    }
}
