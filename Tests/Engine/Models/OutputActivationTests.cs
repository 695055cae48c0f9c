using Interp.Engine.Models;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Models;

[TestClass]
public sealed class OutputActivationTests
{
    private static OutputActivation Softmax => OutputActivation.Softmax;

    private static OutputActivation Sigmoid => OutputActivation.Sigmoid;

    [TestMethod]
    public void For_OneOutput_IsADetector()
    {
        Assert.AreSame(Sigmoid, OutputActivation.For(1));
        Assert.AreSame(Softmax, OutputActivation.For(2));
        CollectionAssert.AreEqual((string[])["softmax", "sigmoid"], OutputActivation.All.Names.ToArray());
    }

    [TestMethod]
    public void Softmax_LogsOfThirds_AreThirds()
    {
        double[] p = Softmax.Probabilities([0, MathF.Log(2)]);
        Assert.AreEqual(1.0 / 3, p[0], 1e-7, "ln 2 is rounded to float32");
        Assert.AreEqual(1, p.Sum(), 1e-15);
    }

    [TestMethod]
    public void Softmax_LargeLogits_DoNotOverflow() =>
        CollectionAssert.AreEqual((double[])[0.5, 0.5, 0], Softmax.Probabilities([3e38f, 3e38f, -3e38f]));

    [TestMethod]
    public void Softmax_NaN_SpoilsTheRow() => Assert.IsTrue(Array.TrueForAll(Softmax.Probabilities([1, float.NaN, 2]), double.IsNaN));

    [TestMethod]
    public void Softmax_NoLogits_AreNone() => Assert.IsEmpty(Softmax.Probabilities([]));

    [TestMethod]
    public void Sigmoid_KnownLogits_GiveKnownProbabilities()
    {
        double[] p = Sigmoid.Probabilities([0, MathF.Log(3), -MathF.Log(3), 3e38f, -3e38f, float.NaN]);

        Assert.AreEqual(0.5, p[0]);
        Assert.AreEqual(0.75, p[1], 1e-7, "ln 3 is rounded to float32");
        Assert.AreEqual(0.25, p[2], 1e-7, "ln 3 is rounded to float32");
        Assert.AreEqual(1, p[3]);
        Assert.AreEqual(0, p[4]);
        Assert.IsTrue(double.IsNaN(p[5]), "and no other");
    }

    [TestMethod]
    public void Sigmoid_OfADifference_IsTheSoftmaxOfTwo()
    {
        foreach (float z in (float[])[-90, -3.5f, 0, 0.25f, 20])
        {
            Assert.AreEqual(1, Softmax.Probabilities([z, 0])[0] / Sigmoid.Probabilities([z])[0], 1e-15, "float64 rounding");
            Assert.AreEqual(1, Softmax.Gradient([z, 0], 0)[0] / Sigmoid.Gradient([z], 0)[0], 1e-15, "float64 rounding");
            double rounding = 1e-15 * Math.Max(1, Math.Abs(z));
            Assert.AreEqual(Softmax.LogProbability([z, 0], 0), Sigmoid.LogProbability([z], 0), rounding, "of float64");
        }
    }

    [TestMethod]
    [DataRow(40f)]
    [DataRow(300f)]
    [DataRow(-40f)]
    [DataRow(-300f)]
    public void Sigmoid_NearZeroAndOne_LosesNothing(float z)
    {
        double small = Math.Exp(-Math.Abs((double)z));

        Assert.AreEqual(1, Sigmoid.Gradient([z], 0)[0] / small, 1e-15, "p(1 − p) = exp(−|z|), far below float64's rounding of 1");
        Assert.AreEqual(1, Sigmoid.LogGradient([z], 0)[0] / (z > 0 ? small : 1), 1e-15, "1 − p");
        Assert.AreEqual(1, Sigmoid.LogProbability([z], 0) / (z > 0 ? -small : z), 1e-15, "log p");
    }

    [TestMethod]
    [DataRow("softmax", 3)]
    [DataRow("softmax", 2)]
    [DataRow("sigmoid", 1)]
    [DataRow("sigmoid", 3)]
    public void Gradients_AreTheDifferences(string name, int outputs)
    {
        // Steps of 2^-9 are exact in float32. Third derivatives are below 1, so a central difference is off by at most h²/6 = 6e-7, and
        // rounding by 1e-13.
        const float Step = 1f / 512;
        OutputActivation activation = OutputActivation.All.Find(name);
        float[] z = [.. new Gaussian(7).Values(outputs).Select(v => MathF.Round(v * 512) / 512)];
        for (int c = 0; c < outputs; c++)
        {
            double[] slope = activation.Gradient(z, c), logSlope = activation.LogGradient(z, c);
            for (int j = 0; j < outputs; j++)
            {
                float[] above = [.. z], below = [.. z];
                (above[j], below[j]) = (z[j] + Step, z[j] - Step);
                double p = activation.Probabilities(above)[c] - activation.Probabilities(below)[c];
                double log = activation.LogProbability(above, c) - activation.LogProbability(below, c);
                Assert.AreEqual(p / (2 * Step), slope[j], 7e-7, $"p_{c} by z_{j}");
                Assert.AreEqual(log / (2 * Step), logSlope[j], 7e-7, $"log p_{c} by z_{j}");
            }

            Assert.AreEqual(Math.Log(activation.Probabilities(z)[c]), activation.LogProbability(z, c), 1e-14, "float64 rounding");
        }
    }

    [TestMethod]
    [DataRow("softmax")]
    [DataRow("sigmoid")]
    public void ClassThatIsNotThere_Throws(string name)
    {
        OutputActivation activation = OutputActivation.All.Find(name);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => activation.LogProbability([1, 2], 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => activation.Gradient([1, 2], -1));
    }
}
