using Interp.Engine.Common;

namespace Interp.Tests.Engine.Common;

[TestClass]
public sealed class RngTests
{
    /// <summary>The known answers that the authors of Philox publish with it (Random123, philox4x32-10).</summary>
    [TestMethod]
    [DataRow(0UL, 0UL, 0UL, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [DataRow(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [DataRow(0x299f31d0a4093822UL, 0x0370734413198a2eUL, 0x85a308d3243f6a88UL, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Block_KnownCounterAndKey_GivesPublishedWords(ulong seed, ulong stream, ulong index, uint a, uint b, uint c, uint d) =>
        Assert.AreEqual((a, b, c, d), new Rng(seed, stream).Block(index));

    [TestMethod]
    public void Gaussian_ManyDraws_HaveTheMomentsOfTheNormalDistribution()
    {
        const int Count = 100_000;
        var rng = new Rng(1);
        double[] x = [.. Enumerable.Range(0, Count).Select(i => rng.Gaussian((ulong)i))];

        // Five standard errors of each moment: 1/√n for the mean, √2/√n for the variance.
        Assert.AreEqual(0, x.Average(), 5 / Math.Sqrt(Count));
        Assert.AreEqual(1, x.Average(v => v * v), 5 * Math.Sqrt(2.0 / Count));
        Assert.IsTrue(x.All(double.IsFinite));
    }

    [TestMethod]
    public void Gaussians_ManyDraws_HaveTheMomentsOfTheNormalDistribution()
    {
        const int Count = 100_000;
        var x = new float[Count];
        new Rng(1).Gaussians(x);

        // Five standard errors of each moment: 1/√n, √2/√n, and √96/√n for the fourth; 1/√n for the correlation of neighbours and of the
        // two numbers made of one radius.
        Assert.AreEqual(0, x.Average(v => (double)v), 5 / Math.Sqrt(Count));
        Assert.AreEqual(1, x.Average(v => (double)v * v), 5 * Math.Sqrt(2.0 / Count));
        Assert.AreEqual(3, x.Average(v => Math.Pow(v, 4)), 5 * Math.Sqrt(96.0 / Count));
        foreach (int apart in (ReadOnlySpan<int>)[1, 2, 128])
        {
            Assert.AreEqual(0, x.Skip(apart).Zip(x, (a, b) => (double)a * b).Average(), 5 / Math.Sqrt(Count), $"{apart} apart");
        }

        Assert.IsTrue(x.All(v => Math.Abs(v) < 6.9));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(255)]
    [DataRow(300)]
    public void Gaussians_OfFewer_AreTheFirstOfMore(int count)
    {
        float[] few = new float[count], more = new float[1000];
        new Rng(2, 3).Gaussians(few);
        new Rng(2, 3).Gaussians(more);
        CollectionAssert.AreEqual(more[..count], few);
    }

    [TestMethod]
    public void Uniform_ManyDraws_AreInTheUnitIntervalAndDifferBetweenStreams()
    {
        Rng one = new(1, 0), two = new(1, 1);
        for (ulong i = 0; i < 1000; i++)
        {
            Assert.IsTrue(one.Uniform(i) is >= 0 and < 1);
            Assert.AreNotEqual(one.Uniform(i), two.Uniform(i));
        }
    }
}
