using Interp.Engine.Attribution;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Attribution;

[TestClass]
public sealed class TargetTests
{
    [TestMethod]
    public void Gradient_Logit_IsOneHotInEveryRow() =>
        CollectionAssert.AreEqual((float[])[0, 1, 0, 0, 1, 0], new ClassTarget(1).Gradient([5, 6, 7, 8, 9, 10], new Shape(2, 3)));

    [TestMethod]
    public void Gradient_Probability_IsTheJacobianRowOfSoftmax()
    {
        float[] z = [0.3f, -1.2f, 2f];
        double[] e = [.. z.Select(v => Math.Exp(v))];
        double[] p = [.. e.Select(v => v / e.Sum())];

        float[] seed = new ClassTarget(2, Probability: true).Gradient(z, new Shape(1, 3));

        for (int j = 0; j < 3; j++)
        {
            Assert.AreEqual(p[2] * ((j == 2 ? 1 : 0) - p[j]), seed[j], 1e-8, "one rounding to float32 of values below 0.2");
        }
    }

    [TestMethod]
    public void Gradient_ProbabilityNearlyOne_KeepsItsSmallValue()
    {
        float[] seed = new ClassTarget(0, Probability: true).Gradient([40, 0], new Shape(1, 2));

        Assert.AreEqual(1, seed[0] / Math.Exp(-40), 1e-6, "1 − p lies far below float64's rounding of p and must not be lost in it");
        Assert.AreEqual(seed[0], -seed[1]);
    }

    [TestMethod]
    public void Gradient_ClassThatIsNotThere_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ClassTarget(3).Gradient([1, 2, 3], new Shape(1, 3)));

    [TestMethod]
    public void Against_LogitAndProbability_IsTheDifference()
    {
        float[] z = [1, 2, 4];
        double e = Math.Exp(1) + Math.Exp(2) + Math.Exp(4);

        Assert.AreEqual(2, new ClassTarget(2, Against: 1).Scores(z, new Shape(1, 3))[0]);
        CollectionAssert.AreEqual((float[])[0, -1, 1], new ClassTarget(2, Against: 1).Gradient(z, new Shape(1, 3)));
        var difference = new ClassTarget(2, Probability: true, Against: 1);
        Assert.AreEqual((Math.Exp(4) - Math.Exp(2)) / e, difference.Scores(z, new Shape(1, 3))[0], 1e-12, "float64 rounding");
        float[] both = difference.Gradient(z, new Shape(1, 3));
        float[] one = new ClassTarget(2, true).Gradient(z, new Shape(1, 3)), other = new ClassTarget(1, true).Gradient(z, new Shape(1, 3));
        for (int j = 0; j < 3; j++)
        {
            Assert.AreEqual(one[j] - other[j], both[j], 1e-7, "one rounding to float32 each");
        }
    }
}
