using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Tests.Engine.Statistics;

/// <summary>Tests and intervals against SciPy's and scikit-learn's.</summary>
[TestClass]
public sealed class TestsOfSamplesTests
{
    private const string Sums = "float64 sums of some tens of numbers";

    private static readonly StatisticsGolden Golden = StatisticsGolden.Value;

    [TestMethod]
    public void Welch_IsSciPys()
    {
        (double t, double freedom, double p) = Welch.Test(Golden.A, Golden.B);
        StatisticsGolden.IsClose(Golden.Welch[0], t, 1e-12, Sums);
        StatisticsGolden.IsClose(Golden.Welch[1], freedom, 1e-12, Sums);
        StatisticsGolden.IsClose(Golden.Welch[2], p, 1e-10, Sums);
    }

    [TestMethod]
    public void Welch_OfConstants_IsCertain()
    {
        Assert.AreEqual((0, 3, 1), Welch.Test([2, 2], [2, 2, 2]));
        Assert.AreEqual((double.NegativeInfinity, 2, 0), Welch.Test([1, 1], [2, 2]));
    }

    [TestMethod]
    public void MannWhitney_IsSciPys()
    {
        (double u, double p, bool exact) = MannWhitney.Test(Golden.A, Golden.B);
        Assert.IsTrue(exact);
        Assert.AreEqual(Golden.MannWhitney[0], u);
        StatisticsGolden.IsClose(Golden.MannWhitney[1], p, 1e-13, "counts are whole numbers");
        (u, p, exact) = MannWhitney.Test(Golden.TiesA, Golden.TiesB);
        Assert.IsFalse(exact);
        Assert.AreEqual(Golden.MannWhitneyTies[0], u);
        StatisticsGolden.IsClose(Golden.MannWhitneyTies[1], p, 1e-11, "as the normal distribution");
        Assert.AreEqual(1, MannWhitney.Test([1, 1], [1, 1, 1]).P, "all the same");
    }

    [TestMethod]
    public void KolmogorovSmirnov_IsSciPys()
    {
        (double d, double p) = KolmogorovSmirnov.Uniform(Golden.Uniform);
        StatisticsGolden.IsClose(Golden.Ks[0], d, 1e-14, Sums);
        StatisticsGolden.IsClose(Golden.Ks[1], p, 1e-9, "1 − P of P to 1e-13");
    }

    [TestMethod]
    public void Auroc_IsScikitLearns_WithDeLongsInterval()
    {
        (double area, double low, double high) = Auroc.Of(Golden.TiesB, Golden.TiesA);
        StatisticsGolden.IsClose(Golden.Auroc[0], area, 1e-14, Sums);
        StatisticsGolden.IsClose(Golden.Auroc[1], low, 1e-12, Sums);
        StatisticsGolden.IsClose(Golden.Auroc[2], high, 1e-12, Sums);
        Assert.AreEqual((1, 1, 1), Auroc.Of([3, 4], [1, 2]));
    }

    [TestMethod]
    public void Correlations_AreSciPys()
    {
        StatisticsGolden.IsClose(Golden.Pearson, Correlation.Pearson(Golden.X, Golden.Y), 1e-13, Sums);
        StatisticsGolden.IsClose(Golden.Spearman, Correlation.Spearman(Golden.X, Golden.Y), 1e-13, Sums);
        StatisticsGolden.IsClose(Golden.Kendall, Correlation.Kendall(Golden.X, Golden.Y), 1e-14, Sums);
        CollectionAssert.AreEqual(Golden.Ranks, Ranks.Of(Golden.X));
        Assert.IsTrue(double.IsNaN(Correlation.Kendall([1, 1], [1, 2])));
        Assert.ThrowsExactly<ArgumentException>(() => Correlation.Pearson([1], [1, 2]));
    }

    [TestMethod]
    public void Intervals_AreSciPys()
    {
        foreach (double[] row in Golden.Intervals)
        {
            (double low, double high) = ClopperPearson.Interval((int)row[0], (int)row[1]);
            StatisticsGolden.IsClose(row[2], low, 1e-10, "as the beta distribution");
            StatisticsGolden.IsClose(row[3], high, 1e-10, "as the beta distribution");
            var wilson = new Proportion((int)row[0], (int)row[1]);
            Assert.AreEqual(row[4], wilson.Low, 1e-14, Sums);
            Assert.AreEqual(row[5], wilson.High, 1e-14, Sums);
        }
    }

    [TestMethod]
    public void Multiplicity_IsTheDefinition()
    {
        Check(Golden.Bonferroni, Multiplicity.Bonferroni(Golden.P));
        Check(Golden.Holm, Multiplicity.Holm(Golden.P));
        Check(Golden.BenjaminiHochberg, Multiplicity.BenjaminiHochberg(Golden.P));
        Assert.ThrowsExactly<ArgumentException>(() => Multiplicity.Holm([0.1, double.NaN]));
        Assert.IsEmpty(Multiplicity.BenjaminiHochberg([]));

        static void Check(double[] expected, double[] actual)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                StatisticsGolden.IsClose(expected[i], actual[i], 1e-15, "a product and a quotient");
            }
        }
    }

    [TestMethod]
    public void Permutations_CountTheObservation()
    {
        Assert.AreEqual(1 / 101.0, Permutations.P(0, 100));
        Assert.AreEqual(1, Permutations.P(100, 100));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Permutations.P(2, 1));
    }

    [TestMethod]
    public void Bootstrap_OfTheMean_IsNearTheTextbooks()
    {
        (double low, double high) = Bootstrap.OfMean(Golden.Uniform, new Rng(3));
        double mean = Moments.Mean(Golden.Uniform), error = Math.Sqrt(Moments.Variance(Golden.Uniform) / Golden.Uniform.Length);
        Assert.AreEqual(mean - (1.96 * error), low, 0.15 * error, "2000 samples: an end varies by some 0.06 of the standard error");
        Assert.AreEqual(mean + (1.96 * error), high, 0.15 * error, "2000 samples: an end varies by some 0.06 of the standard error");
        Assert.AreEqual((low, high), Bootstrap.OfMean(Golden.Uniform, new Rng(3)));
        Assert.AreEqual((4, 4), Bootstrap.OfMean([4, 4, 4], new Rng(3)));
    }

    [TestMethod]
    public void Quantiles_AreNumPys()
    {
        double[] sorted = [.. Golden.A.Order()];
        foreach (double[] row in Golden.Quantiles)
        {
            StatisticsGolden.IsClose(row[1], Quantiles.OfSorted(sorted, row[0]), 1e-14, "one product");
        }
    }

    [TestMethod]
    public void NotANumber_IsRefusedInOneLine()
    {
        Action[] wrong =
        [
            () => Welch.Test([1, double.NaN], [1, 2]), () => MannWhitney.Test([double.NaN], [1]), () => KolmogorovSmirnov.Uniform([2]),
            () => Auroc.Of([1, double.PositiveInfinity], [1, 2]), () => Bootstrap.OfMean([double.NaN], new Rng(1)),
            () => Welch.Test([1], [1, 2]),
        ];
        foreach (Action act in wrong)
        {
            string message = Assert.ThrowsExactly<ArgumentException>(act).Message;
            Assert.Contains("expected", message);
            Assert.DoesNotContain('\n', message);
        }
    }
}
