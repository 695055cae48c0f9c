using Interp.Engine.Attribution;

namespace Interp.Tests.Engine.Attribution;

[TestClass]
public sealed class TargetTests
{
    [TestMethod]
    public void Seed_Logit_IsOneHotInEveryRow() =>
        CollectionAssert.AreEqual((float[])[0, 1, 0, 0, 1, 0], new Target(1).Seed([5, 6, 7, 8, 9, 10], classes: 3));

    [TestMethod]
    public void Seed_Probability_IsTheJacobianRowOfSoftmax()
    {
        float[] z = [0.3f, -1.2f, 2f];
        double[] e = [.. z.Select(v => Math.Exp(v))];
        double[] p = [.. e.Select(v => v / e.Sum())];

        float[] seed = new Target(2, Probability: true).Seed(z, 3);

        for (int j = 0; j < 3; j++)
        {
            Assert.AreEqual(p[2] * ((j == 2 ? 1 : 0) - p[j]), seed[j], 1e-8, "one rounding to float32 of values below 0.2");
        }
    }

    [TestMethod]
    public void Seed_ProbabilityNearlyOne_KeepsItsSmallValue()
    {
        float[] seed = new Target(0, Probability: true).Seed([40, 0], 2);

        Assert.AreEqual(1, seed[0] / Math.Exp(-40), 1e-6, "1 − p lies far below float64's rounding of p and must not be lost in it");
        Assert.AreEqual(seed[0], -seed[1]);
    }

    [TestMethod]
    public void Seed_ClassThatIsNotThere_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Target(3).Seed([1, 2, 3], 3));
}
