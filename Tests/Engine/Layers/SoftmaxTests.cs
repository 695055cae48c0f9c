using Interp.Engine.Layers;

namespace Interp.Tests.Engine.Layers;

[TestClass]
public sealed class SoftmaxTests
{
    [TestMethod]
    public void Probabilities_LogsOfThirds_AreThirds()
    {
        double[] p = Softmax.Probabilities([0, MathF.Log(2)]);
        Assert.AreEqual(1.0 / 3, p[0], 1e-7, "ln 2 is rounded to float32");
        Assert.AreEqual(1, p.Sum(), 1e-15);
    }

    [TestMethod]
    public void Probabilities_LargeLogits_DoNotOverflow() =>
        CollectionAssert.AreEqual((double[])[0.5, 0.5, 0], Softmax.Probabilities([3e38f, 3e38f, -3e38f]));

    [TestMethod]
    public void Probabilities_NaN_SpoilsTheRow() => Assert.IsTrue(Array.TrueForAll(Softmax.Probabilities([1, float.NaN, 2]), double.IsNaN));

    [TestMethod]
    public void Probabilities_NoLogits_AreNone() => Assert.IsEmpty(Softmax.Probabilities([]));
}
