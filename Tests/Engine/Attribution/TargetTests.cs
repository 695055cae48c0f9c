using Interp.Engine.Attribution;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Attribution;

[TestClass]
public sealed class TargetTests
{
    [TestMethod]
    public void Gradient_Logit_IsOneHotInEveryRow() =>
        CollectionAssert.AreEqual(
            (float[])[0, 1, 0, 0, 1, 0], new ClassTarget(1).Gradient([5, 6, 7, 8, 9, 10], new Shape(2, 3), OutputActivation.Softmax));

    [TestMethod]
    public void Gradient_Probability_IsTheJacobianRowOfSoftmax()
    {
        float[] z = [0.3f, -1.2f, 2f];
        double[] e = [.. z.Select(v => Math.Exp(v))];
        double[] p = [.. e.Select(v => v / e.Sum())];

        float[] seed = new ClassTarget(2, Probability: true).Gradient(z, new Shape(1, 3), OutputActivation.Softmax);

        for (int j = 0; j < 3; j++)
        {
            Assert.AreEqual(p[2] * ((j == 2 ? 1 : 0) - p[j]), seed[j], 1e-8, "one rounding to float32 of values below 0.2");
        }
    }

    [TestMethod]
    public void Gradient_ProbabilityNearlyOne_KeepsItsSmallValue()
    {
        float[] seed = new ClassTarget(0, Probability: true).Gradient([40, 0], new Shape(1, 2), OutputActivation.Softmax);

        Assert.AreEqual(1, seed[0] / Math.Exp(-40), 1e-6, "1 − p lies far below float64's rounding of p and must not be lost in it");
        Assert.AreEqual(seed[0], -seed[1]);
    }

    [TestMethod]
    public void Gradient_ClassThatIsNotThere_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => new ClassTarget(3).Gradient([1, 2, 3], new Shape(1, 3), OutputActivation.Softmax));

    [TestMethod]
    [DataRow(0f)]
    [DataRow(1.5f)]
    [DataRow(40f)]
    [DataRow(-40f)]
    public void Gradient_ProbabilityOfADetector_IsPTimesOneMinusP(float z)
    {
        float[] seed = new ClassTarget(0, Probability: true).Gradient([z, -z], new Shape(2, 1), OutputActivation.Sigmoid);

        double expected = 1 / (2 + Math.Exp(z) + Math.Exp(-z));
        Assert.AreEqual(1, seed[0] / expected, 1e-7, "one rounding to float32");
        Assert.AreEqual(seed[0], seed[1], "p(1 − p) is the same on both sides of 0, however near to 1 p is");
    }

    [TestMethod]
    public void Against_IndependentOutputs_IsTheDifferenceOfTheirProbabilities()
    {
        float[] z = [-1, 0.5f, 2];
        var target = new ClassTarget(2, Probability: true, Against: 0);

        double[] p = [.. z.Select(v => 1 / (1 + Math.Exp(-v)))];
        float[] seed = target.Gradient(z, new Shape(1, 3), OutputActivation.Sigmoid);

        Assert.AreEqual(p[2] - p[0], target.Scores(z, new Shape(1, 3), OutputActivation.Sigmoid)[0], 1e-15, "float64 rounding");
        Assert.AreEqual(p[2] * (1 - p[2]), seed[2], 1e-8, "one rounding to float32");
        Assert.AreEqual(-p[0] * (1 - p[0]), seed[0], 1e-8, "one rounding to float32");
        Assert.AreEqual(0, seed[1], "no other output matters");
    }

    [TestMethod]
    public void Against_LogitAndProbability_IsTheDifference()
    {
        OutputActivation softmax = OutputActivation.Softmax;
        float[] z = [1, 2, 4];
        double e = Math.Exp(1) + Math.Exp(2) + Math.Exp(4);

        Assert.AreEqual(2, new ClassTarget(2, Against: 1).Scores(z, new Shape(1, 3), softmax)[0]);
        CollectionAssert.AreEqual((float[])[0, -1, 1], new ClassTarget(2, Against: 1).Gradient(z, new Shape(1, 3), softmax));
        var difference = new ClassTarget(2, Probability: true, Against: 1);
        Assert.AreEqual((Math.Exp(4) - Math.Exp(2)) / e, difference.Scores(z, new Shape(1, 3), softmax)[0], 1e-12, "float64 rounding");
        float[] both = difference.Gradient(z, new Shape(1, 3), softmax);
        float[] one = new ClassTarget(2, true).Gradient(z, new Shape(1, 3), softmax);
        float[] other = new ClassTarget(1, true).Gradient(z, new Shape(1, 3), softmax);
        for (int j = 0; j < 3; j++)
        {
            Assert.AreEqual(one[j] - other[j], both[j], 1e-7, "one rounding to float32 each");
        }
    }
}
