using Interp.Engine.Statistics;

namespace Interp.Tests.Engine.Statistics;

/// <summary>Distributions against SciPy's.</summary>
[TestClass]
public sealed class DistributionTests
{
    private const string Gamma = "the logarithms of gamma functions, up to 6000, are right to 1e-15 of themselves";

    [TestMethod]
    public void Beta_IsSciPys()
    {
        foreach (double[] row in StatisticsGolden.Value.Beta)
        {
            StatisticsGolden.IsClose(row[3], Beta.Regularized(row[0], row[1], row[2]), 1e-10, Gamma);
        }
    }

    [TestMethod]
    public void BetaQuantile_IsSciPys()
    {
        foreach (double[] row in StatisticsGolden.Value.BetaQuantile)
        {
            StatisticsGolden.IsClose(row[3], Beta.Quantile(row[0], row[1], row[2]), 1e-10, Gamma);
        }
    }

    [TestMethod]
    [DataRow(0.0, 1.0, 0.5)]
    [DataRow(1.0, 1.0, double.NaN)]
    [DataRow(1.0, 1.0, 1.5)]
    public void Beta_OutsideItsDomain_IsRefused(double a, double b, double x) =>
        Assert.ThrowsExactly<ArgumentException>(() => Beta.Regularized(a, b, x));

    [TestMethod]
    public void StudentT_IsSciPys()
    {
        foreach (double[] row in StatisticsGolden.Value.Student)
        {
            StatisticsGolden.IsClose(row[2], StudentT.TwoSided(row[0], row[1]), 1e-10, Gamma);
        }
    }

    [TestMethod]
    public void Normal_IsSciPys()
    {
        foreach (double[] row in StatisticsGolden.Value.Normal)
        {
            StatisticsGolden.IsClose(row[1], Normal.Cdf(row[0]), 1e-12, "1 − erf at 2.5 leaves 12 digits");
        }

        foreach (double[] row in StatisticsGolden.Value.NormalQuantile)
        {
            Assert.AreEqual(row[1], Normal.Quantile(row[0]), 1e-12, "as the distribution");
        }
    }

    [TestMethod]
    public void Kolmogorov_IsSciPys()
    {
        foreach (double[] row in StatisticsGolden.Value.Kolmogorov)
        {
            bool isExact = row[0] <= 2000 || row[0] * row[1] * row[1] > 4;
            StatisticsGolden.IsClose(row[2], KolmogorovSmirnov.Tail((int)row[0], row[1]), isExact ? 1e-8 : 1e-3,
                "exact: 1 − P of P to 1e-13, and pairs of crossings; the limit's correction leaves 1/n");
        }
    }
}
