using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Tests.Engine.Statistics;

[TestClass]
public sealed class SignedRankTests
{
    [TestMethod]
    public void DarwinsPlants_HaveSciPysStatisticAndP()
    {
        // The example of scipy.stats.wilcoxon: statistic 24 (the lesser sum; all ranks add up to 120), p 0.041259765625.
        (double w, double p, bool exact) = SignedRank.Test([6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]);

        Assert.AreEqual((96, 0.041259765625, true), (w, p, exact));
    }

    [TestMethod]
    public void TiesAndZeros_AgreeWithAllChoicesOfSigns()
    {
        for (ulong draw = 0; draw < 30; draw++)
        {
            double[] d = [.. Enumerable.Range(0, 9).Select(i => Math.Floor(7 * new Rng(draw).Uniform((ulong)i)) - 3)];

            (double w, double p, bool exact) = SignedRank.Test(d);

            double[] sizes = [.. d.Where(v => v != 0).Select(Math.Abs)];
            double[] ranks = [.. sizes.Select(s => sizes.Count(o => o < s) + ((sizes.Count(o => o == s) + 1) / 2.0))];
            double middle = ranks.Sum() / 2;
            int choices = 1 << ranks.Length;
            int far = Enumerable.Range(0, choices).Count(c =>
                Math.Abs(ranks.Where((_, i) => (c >> i & 1) == 1).Sum() - middle) >= Math.Abs(w - middle));
            Assert.IsTrue(exact);
            Assert.AreEqual(d.Where(v => v != 0).Zip(ranks).Sum(v => v.First > 0 ? v.Second : 0), w);
            Assert.AreEqual((double)far / choices, p, 1e-15, $"draw {draw}");
        }
    }

    [TestMethod]
    public void ManyDifferences_FollowTheNormalDistribution()
    {
        double[] d = [.. Enumerable.Range(1, 60).Select(i => i % 3 == 0 ? -(double)i : i)];

        (double w, double p, bool exact) = SignedRank.Test(d);

        double z = (w - (60 * 61 / 4.0) - 0.5) / Math.Sqrt(60 * 61 * 121 / 24.0);
        Assert.IsFalse(exact);
        Assert.AreEqual(2 * Normal.Cdf(-z), p, 1e-15);
        Assert.AreEqual(1, SignedRank.Test([.. d, .. d.Select(v => -v)]).P, "as far on one side as on the other");
    }

    [TestMethod]
    public void NothingToTest_IsNoEvidence()
    {
        Assert.AreEqual((0, 1, true), SignedRank.Test([]));
        Assert.AreEqual((0, 1, true), SignedRank.Test([0, 0]));
        Assert.AreEqual(1, SignedRank.Test([2]).P);
        Assert.ThrowsExactly<ArgumentException>(() => SignedRank.Test([double.NaN]));
    }
}
