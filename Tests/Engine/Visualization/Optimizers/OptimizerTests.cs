using Interp.Engine.Common;
using Interp.Engine.Visualization.Optimizers;

namespace Interp.Tests.Engine.Visualization.Optimizers;

[TestClass]
public sealed class OptimizerTests
{
    private static readonly float[][] Gradients = [[0.1f, -2, 1e-6f], [0.3f, -1, -2e-6f], [-0.2f, 4, 0], [0.05f, 0.5f, 1e-6f]];

    /// <summary>Four steps with maximize=True by PyTorch 1.13: Adam(lr=0.05), SGD(lr=0.1, momentum=0.9) and the same with
    /// nesterov=True.</summary>
    [TestMethod]
    [DataRow("adam", 0.05, new[] { 0.6231060028076172, -0.3247354328632355, 0.01855730265378952 })]
    [DataRow("sgd", 0.1, new[] { 0.5826899409294128, -0.39879995584487915, -9.809999568233252e-08 })]
    [DataRow("nesterov", 0.1, new[] { 0.5994210243225098, -0.23392000794410706, -8.828999398247106e-08 })]
    public void Step_FourGradients_GivesPyTorchsParameters(string name, double rate, double[] expected)
    {
        float[] theta = Climb(
            name switch { "adam" => new Adam(), "sgd" => new Momentum(), _ => new Momentum(nesterov: true) }, rate, Gradients);

        for (int i = 0; i < theta.Length; i++)
        {
            Assert.AreEqual(expected[i], theta[i], 2e-7, "a few roundings to float32 of values below 1 on either side");
        }
    }

    [TestMethod]
    public void Step_AdamsFirst_IsTheRateWhateverTheScale()
    {
        float[] theta = Climb(new Adam(), 0.05, [[1e-4f, -3e5f, 0]]);

        Assert.AreEqual(0.5 + 0.05, theta[0], 1e-5, "epsilon is 1e-4 of the gradient");
        Assert.AreEqual(-0.25 - 0.05, theta[1], 1e-7, "float32 rounding");
        Assert.AreEqual(0, theta[2]);
    }

    [TestMethod]
    public void Step_Sign_MovesEachByTheRate() =>
        CollectionAssert.AreEqual((float[])[0.75f, -0.5f, 0], Climb(new SignAscent(), 0.25, [[1e-9f, -7, 0]]));

    [TestMethod]
    public void Step_Normalized_DoesNotDependOnTheScale()
    {
        float[] small = Climb(new Momentum(normalize: true), 0.1, [[3e-6f, 4e-6f, 0]]),
            large = Climb(new Momentum(normalize: true), 0.1, [[3e6f, 4e6f, 0]]);

        double root = Math.Sqrt(25 / 3.0);
        Assert.AreEqual(0.5 + (0.1 * 3 / root), small[0], 1e-7, "float32 rounding");
        for (int i = 0; i < small.Length; i++)
        {
            Assert.AreEqual(small[i], large[i], 1e-7, "float32 rounding");
        }
    }

    [TestMethod]
    public void Step_NothingToClimb_StaysPut()
    {
        foreach (OptimizerChoice choice in OptimizerCatalog.All)
        {
            CollectionAssert.AreEqual((float[])[0.5f, -0.25f, 0], Climb(choice.Make(), choice.Rate, [[0, 0, 0], [0, 0, 0]]), choice.Name);
        }
    }

    [TestMethod]
    public void Step_Hill_ReachesTheTop()
    {
        foreach (OptimizerChoice choice in OptimizerCatalog.All)
        {
            Optimizer optimizer = choice.Make();
            float[] theta = [2, -1];
            for (int step = 0; step < 400; step++)
            {
                float[] slope = [1 - theta[0], 3 * (0.5f - theta[1])];
                optimizer.Step(theta, slope, RateSchedule.All.Find("cosine").At(choice.Rate, step, 400));
            }

            Assert.AreEqual(1, theta[0], 0.02, $"{choice.Name}: far less than the way of 1");
            Assert.AreEqual(0.5, theta[1], 0.02, $"{choice.Name}: far less than the way of 1.5");
        }
    }

    [TestMethod]
    public void Step_OtherLengths_Throws()
    {
        foreach (OptimizerChoice choice in OptimizerCatalog.All)
        {
            Assert.ThrowsExactly<ArgumentException>(() => choice.Make().Step(new float[2], new float[3], 1), choice.Name);
        }

        var used = new Adam();
        used.Step(new float[2], new float[2], 1);
        Assert.ThrowsExactly<ArgumentException>(() => used.Step(new float[3], new float[3], 1));
    }

    [TestMethod]
    public void At_Schedules_FollowTheirFormulas()
    {
        Assert.AreEqual(2, RateSchedule.All.Find("constant").At(2, 9, 10));
        Assert.AreEqual(1.5, RateSchedule.All.Find("linear").At(2, 1, 4));
        Assert.AreEqual(1, RateSchedule.All.Find("cosine").At(2, 5, 10), 1e-15);
        foreach (RateSchedule schedule in RateSchedule.All)
        {
            Assert.AreEqual(2, schedule.At(2, 0, 10), schedule.Name);
        }
    }

    [TestMethod]
    public void Find_UnknownName_ListsTheEntries() => Assert.AreEqual(
        "unknown optimiser 'lbfgs': expected one of adam, sgd, sign",
        Assert.ThrowsExactly<InputException>(() => OptimizerCatalog.All.Find("lbfgs")).Message);

    private static float[] Climb(Optimizer optimizer, double rate, float[][] gradients)
    {
        float[] theta = [0.5f, -0.25f, 0];
        foreach (float[] gradient in gradients)
        {
            optimizer.Step(theta, gradient, rate);
        }

        return theta;
    }
}
