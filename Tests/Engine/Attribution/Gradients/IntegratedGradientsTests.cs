using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Gradients;

[TestClass]
public sealed class IntegratedGradientsTests
{
    [TestMethod]
    [DataRow("integrated-gradients")]
    [DataRow("gradientshap")]
    [DataRow("guided-ig")]
    public void LinearNetwork_MeanBaseline_IsWeightTimesInput(string method)
    {
        Network linear = GradientCase.Linear(1, [0.5f, -2, 4], [7]);
        using var backend = new ReferenceBackend();

        AttributionResult result = GradientCase.Explain(linear, backend, GradientCase.Input(1, 2, 3, -0.25f), method, "baseline", "mean");

        foreach ((float expected, float found) in ((float[])[1, -6, -1]).Zip(result.Values))
        {
            Assert.AreEqual(expected, found, 1e-6f, "fifty terms in float64, rounded to float32 once");
        }

        Assert.AreEqual(1, result.Fact("score_at_input"), 1e-6, "0.5·2 − 2·3 − 4·0.25 + 7, a float32 logit");
        Assert.AreEqual(7, result.Fact("score_at_baseline"), 1e-6, "the bias");
        Assert.AreEqual(0, result.Fact("completeness_error"), 1e-6, "float32 logits");
        Assert.IsEmpty(result.Diagnosis);
    }

    [TestMethod]
    public void LinearNetwork_BlackBaseline_StartsAtThePixelValueZero()
    {
        Network linear = GradientCase.Linear(1, [1, 1, 1], [0]);
        using var backend = new ReferenceBackend();

        float[] found = GradientCase.Explain(linear, backend, GradientCase.Input(1, 0, 0, 0), "integrated-gradients").Values;

        Assert.AreEqual(0.485 / 0.229, found[0], 1e-6, "x − x' = mean/deviation in red, rounded to float32");
        Assert.AreEqual(0.406 / 0.225, found[2], 1e-6, "in blue");
    }

    /// <summary>f(x) = 1 − relu(1 − x) at x = 2, the paper's example in section 2.1: the gradient is 0, the change from 0 is 1.</summary>
    [TestMethod]
    public void SaturatedUnit_GradientIsZeroButItsShareIsTheChange()
    {
        Network saturated = GradientCase.Hidden(1, [-1, 0, 0], [1], [-1]);
        NetworkInput input = GradientCase.Input(1, 2, 0, 0);
        using var backend = new ReferenceBackend();

        float gradient = GradientCase.Explain(saturated, backend, input, "vanilla").Values[0];
        AttributionResult integrated = GradientCase.Explain(
            saturated, backend, input, "integrated-gradients", "baseline", "mean", "steps", "100", "quadrature", "midpoint");

        Assert.AreEqual(0, gradient);
        Assert.AreEqual(1, integrated.Values[0], 1e-6, "the kink lies between two midpoints, so that half of them count exactly");
    }

    /// <summary>Two networks that compute relu(x0 − x1) in different ways, one with its terms scaled and mixed, get the same
    /// shares.</summary>
    [TestMethod]
    public void EqualFunctions_BuiltDifferently_GetTheSameShares()
    {
        Network one = GradientCase.Hidden(1, [1, -1, 0], [0], [1]);
        Network other = GradientCase.Hidden(1, [2, -2, 0, 4, -4, 0, -1, 1, 0, 1, -1, 0], [0, 0, 0, 0], [0.25f, 0.125f, 0, 0]);
        NetworkInput input = GradientCase.Input(1, 1.5f, 0.5f, 3);
        using var backend = new ReferenceBackend();

        float[] first = GradientCase.Explain(one, backend, input, "integrated-gradients", "baseline", "white").Values;
        float[] second = GradientCase.Explain(other, backend, input, "integrated-gradients", "baseline", "white").Values;

        Assert.IsGreaterThan(0.1f, first.Max(MathF.Abs));
        for (int i = 0; i < 3; i++)
        {
            Assert.AreEqual(first[i], second[i], 1e-6f, "rounded to float32 once");
        }
    }

    [TestMethod]
    [DataRow("black")]
    [DataRow("mean")]
    [DataRow("blur")]
    [DataRow("white")]
    [DataRow("noise")]
    public void ConvolutionalNetwork_EveryBaseline_IsThePlainSum(string name)
    {
        const int Steps = 40;
        Network net = TinyNets.Diamond();
        NetworkInput input = Requests.RandomInput(17, 6);
        using var backend = new ReferenceBackend();
        using var exact = new ExactModel(net, 0, 17);
        AttributionResult result = GradientCase.Explain(
            net, backend, input, "integrated-gradients", "steps", $"{Steps}", "quadrature", "midpoint", "baseline", name);

        Baseline baseline = ((Baseline[])[Baseline.Black, Baseline.Mean, Baseline.Blur, Baseline.White, Baseline.Noise]).Single(
            b => b.Name == name);
        float[] start = baseline.Of(input, net.Preprocessing, new Rng(0, 3));
        var expected = new double[start.Length];
        for (int k = 0; k < Steps; k++)
        {
            double[] gradient = exact.Gradient([.. input.Tensor.Zip(start, (x, s) => s + ((k + 0.5) / Steps * (x - s)))]);
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += gradient[i] * ((double)input.Tensor[i] - start[i]) / Steps;
            }
        }

        TensorAssert.RelativeL2(expected, result.Values, 1e-5, "points on the path are rounded to float32");
        double change = exact.Score([.. input.Tensor.Select(v => (double)v)]) - exact.Score([.. start.Select(v => (double)v)]);
        Assert.AreEqual(Math.Abs((expected.Sum() - change) / change), result.Fact("completeness_error"), 1e-4, "float32 logits");
    }

    [TestMethod]
    [DataRow("gauss-legendre")]
    [DataRow("midpoint")]
    public void ConvolutionalNetwork_ManySteps_IsComplete(string quadrature)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });

        AttributionResult result = GradientCase.Explain(
            TinyNets.Vgg(), backend, Requests.RandomInput(32, 8), "integrated-gradients", "steps", "300", "quadrature", quadrature);

        Assert.IsLessThan(0.1, result.Fact("completeness_error"),
            "hundreds of kinks lie on the path, and a change near 0 makes the relative error large");
    }

    [TestMethod]
    public void FewSteps_IncompleteSum_IsDiagnosedWithWhatToDo()
    {
        Network saturated = GradientCase.Hidden(1, [-1, 0, 0], [1], [-1]);
        using var backend = new ReferenceBackend();

        AttributionResult result = GradientCase.Explain(
            saturated, backend, GradientCase.Input(1, 1.5f, 0, 0), "integrated-gradients", "baseline", "mean", "steps", "1");

        Assert.AreEqual(0.5, result.Fact("completeness_error"), 1e-6, "the one gradient, taken before the kink, gives 1.5 rather than 1");
        Assert.HasCount(1, result.Diagnosis);
        Assert.StartsWith("completeness error 50.0 %", result.Diagnosis[0]);
        Assert.Contains("option 'steps'", result.Diagnosis[0]);
    }

    [TestMethod]
    public void OtherReluRule_IncompleteSum_SaysThatTheRuleIsWhy()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });

        AttributionResult result = GradientCase.Explain(
            TinyNets.Vgg(), backend, Requests.RandomInput(32, 7), "integrated-gradients", "steps", "8", "relu-rule", "deconvnet");

        Assert.Contains("option 'relu-rule' vanilla", result.Diagnosis.Single());
    }
}
