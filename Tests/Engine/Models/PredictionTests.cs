using Interp.Engine.Models;

namespace Interp.Tests.Engine.Models;

[TestClass]
public sealed class PredictionTests
{
    [TestMethod]
    public void Top_EqualLogits_LowerClassFirst()
    {
        IReadOnlyList<Prediction> top = Prediction.Top([1, 3, 3, float.NaN, 2], Labels.Numbered(5), OutputActivation.Softmax, 5);

        CollectionAssert.AreEqual((int[])[1, 2, 4, 0, 3], top.Select(p => p.Class).ToArray());
    }

    [TestMethod]
    public void Top_Probabilities_AreSoftmaxOfAllClasses()
    {
        IReadOnlyList<Prediction> top = Prediction.Top([0, MathF.Log(3)], Labels.Numbered(2), OutputActivation.Softmax, 1);

        Assert.HasCount(1, top);
        Assert.AreEqual("class 1", top[0].Label);
        Assert.AreEqual(0.75, top[0].Probability, 1e-7, "ln 3 is rounded to float32");
    }

    [TestMethod]
    public void Top_OfIndependentOutputs_DoesNotAddUpTo1()
    {
        IReadOnlyList<Prediction> top = Prediction.Top([0, MathF.Log(3)], Labels.Numbered(2), OutputActivation.Sigmoid, 5);

        CollectionAssert.AreEqual((int[])[1, 0], top.Select(p => p.Class).ToArray());
        Assert.AreEqual(0.75, top[0].Probability, 1e-7, "ln 3 is rounded to float32");
        Assert.AreEqual(0.5, top[1].Probability);
    }
}
