using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Tests.Engine.Statistics;

[TestClass]
public sealed class SobolIndicesTests
{
    [TestMethod]
    public void Ishigami_HasItsClosedForm()
    {
        // y = sin a + 7 sin² b + 0.1 c⁴ sin a on −π … π (T. Ishigami, T. Homma, 1990).
        const double A = 7, B = 0.1;
        double v1 = Math.Pow(1 + (B * Math.Pow(Math.PI, 4) / 5), 2) / 2, v2 = A * A / 8, v13 = B * B * Math.Pow(Math.PI, 8) * 8 / 225;
        double all = v1 + v2 + v13;
        var indices = new SobolIndices(3, 4096, new Rng(1));

        double[] total = indices.Total([.. indices.Points.Select(Value)]);

        StatisticsGolden.IsClose((v1 + v13) / all, total[0], 0.02, "4096 points");
        StatisticsGolden.IsClose(v2 / all, total[1], 0.02, "4096 points");
        StatisticsGolden.IsClose(v13 / all, total[2], 0.02, "4096 points");

        static double Value(double[] x)
        {
            double[] t = Array.ConvertAll(x, v => Math.PI * ((2 * v) - 1));
            return Math.Sin(t[0]) + (A * Math.Pow(Math.Sin(t[1]), 2)) + (B * Math.Pow(t[2], 4) * Math.Sin(t[0]));
        }
    }

    [TestMethod]
    public void LinearFunction_SharesBySquaresOfItsWeights()
    {
        double[] weights = [3, -2, 1, 0];
        var indices = new SobolIndices(4, 2048, new Rng(2));
        double[] total = indices.Total([.. indices.Points.Select(p => p.Zip(weights, (x, w) => x * w).Sum())]);
        for (int j = 0; j < 4; j++)
        {
            Assert.AreEqual(weights[j] * weights[j] / 14, total[j], 0.02, "2048 points");
        }
    }

    [TestMethod]
    public void FirstSamples_AreThoseOfFewer()
    {
        SobolIndices many = new(3, 64, new Rng(4)), few = new(3, 16, new Rng(4));
        double[] y = [.. from j in Enumerable.Range(0, 4) from i in Enumerable.Range(0, 16) select Math.Exp(many.Point(i, j)[1])];

        CollectionAssert.AreEqual(few.Total([.. few.Points.Select(p => Math.Exp(p[1]))]), many.Total(y));
    }

    [TestMethod]
    public void ConstantFunction_HasNone() =>
        CollectionAssert.AreEqual(new double[2], new SobolIndices(2, 8, new Rng(1)).Total(Enumerable.Repeat(4.0, 24).ToArray()));

    [TestMethod]
    public void Halton_FillsEachCoordinateEvenly()
    {
        var halton = new Halton(20, new Rng(5));
        for (int d = 0; d < 20; d++)
        {
            double[] values = [.. Enumerable.Range(1, 32).Select(i => halton.At(i, d))];
            Assert.IsTrue(values.All(v => v is >= 0 and < 1));
            Assert.HasCount(32, values.Distinct().ToArray());
            Assert.IsGreaterThan(0.001, KolmogorovSmirnov.Uniform(values).P, $"coordinate {d}");
        }
    }
}
