using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Gradients;

[TestClass]
public sealed class SmoothingTests
{
    private static readonly Network Net = TinyNets.Vgg();

    [TestMethod]
    public void SmoothGrad_LinearNetwork_IsItsGradientAndVarianceIsZero()
    {
        float[] weights = [0.5f, -2, 3];
        Network linear = GradientCase.Linear(1, weights, [1]);
        NetworkInput input = GradientCase.Input(1, 0.3f, -1, 2);
        using var backend = new ReferenceBackend();

        CollectionAssert.AreEqual(weights, GradientCase.Explain(linear, backend, input, "smoothgrad").Values);
        CollectionAssert.AreEqual((float[])[0.25f, 4, 9], GradientCase.Explain(linear, backend, input, "smoothgrad-squared").Values);
        CollectionAssert.AreEqual((float[])[0, 0, 0], GradientCase.Explain(linear, backend, input, "vargrad").Values);
    }

    [TestMethod]
    public void SmoothGrad_OneReLU_IsTheShareOfSamplesOnItsActiveSide()
    {
        // S = relu(x0 + x1 + x2) at 0: each noisy sum is positive with probability 1/2, so the gradient's mean is 1/2 and its variance 1/4.
        Network relu = GradientCase.Hidden(1, [1, 1, 1], [0], [1]);
        NetworkInput input = GradientCase.Input(1, -1, 0, 1);
        using var backend = new ReferenceBackend();

        float mean = GradientCase.Explain(relu, backend, input, "smoothgrad", "samples", "4000").Values[0];
        float variance = GradientCase.Explain(relu, backend, input, "vargrad", "samples", "4000").Values[0];
        float square = GradientCase.Explain(relu, backend, input, "smoothgrad-squared", "samples", "4000").Values[0];

        Assert.AreEqual(0.5, mean, 0.032, "four deviations of a mean of 4000 coins, 0.5/sqrt(4000) each");
        Assert.AreEqual(mean - (mean * mean), variance, 1e-6, "a coin's variance, rounded to float32");
        Assert.AreEqual(mean, square, 1e-6, "the square of 0 or 1 is itself");
    }

    [TestMethod]
    [DataRow("smoothgrad", 0)]
    [DataRow("smoothgrad-squared", 1)]
    [DataRow("vargrad", 2)]
    public void Noisy_FourSamples_IsThePlainLoop(string method, int statistic)
    {
        const int Samples = 4;
        using var exact = new ExactModel(Net, 3, 32);
        NetworkInput input = Requests.RandomInput(32, 1);
        double sigma = 0.2 * ((double)input.Tensor.Max() - input.Tensor.Min());
        double[][] gradients = [.. Enumerable.Range(0, Samples).Select(s =>
        {
            var rng = new Rng(9, ((ulong)s << 8) | 1);
            return exact.Gradient([.. input.Tensor.Select((x, i) => x + (sigma * rng.Gaussian((ulong)i)))]);
        })];
        double[] expected = [.. Enumerable.Range(0, input.Tensor.Length).Select(i =>
        {
            double mean = gradients.Average(g => g[i]), square = gradients.Average(g => g[i] * g[i]);
            return statistic == 0 ? mean : statistic == 1 ? square : gradients.Average(g => (g[i] - mean) * (g[i] - mean));
        })];

        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(Net, backend);
        AttributionRequest request = Requests.Of(
            explainer, method, new ClassTarget(3), "samples", "4", "noise", "0.2") with { Input = input, Seed = 9 };
        AttributionResult result = AttributionCatalog.All.Find(method).Explain(request);

        TensorAssert.RelativeL2(expected, result.Values, 1e-5, "noisy inputs are rounded to float32");
        Assert.AreEqual(sigma, result.Fact("noise_sigma"), 1e-12, "the same formula in float64");
    }

    [TestMethod]
    [DynamicData(nameof(GradientCase.SmoothableCases), typeof(GradientCase))]
    public void AnyMethod_Smoothed_IsTheMeanOverItsNoisyInputs(string method, string[] options)
    {
        const int Samples = 3;
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(Net, backend);
        NetworkInput input = Requests.RandomInput(32, 2);
        double sigma = 0.1 * ((double)input.Tensor.Max() - input.Tensor.Min());
        AttributionResult smooth = GradientCase.Explain(explainer, input, method, [.. options, "smooth", "3", "noise", "0.1"]);
        var expected = new double[smooth.Values.Length];
        for (int s = 0; s < Samples; s++)
        {
            var rng = new Rng(0, ((ulong)s << 8) | 1);
            NetworkInput noisy = input with { Tensor = [.. input.Tensor.Select((x, i) => (float)(x + (sigma * rng.Gaussian((ulong)i))))] };
            float[] one = GradientCase.Explain(explainer, noisy, method, options).Values;
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += one[i] / (double)Samples;
            }
        }

        TensorAssert.RelativeL2(expected, smooth.Values, 1e-6, "values are rounded to float32 before this sum and after the method's own");
    }

    [TestMethod]
    [DynamicData(nameof(GradientCase.QuickCases), typeof(GradientCase))]
    public void AnyMethod_OtherBatchesAndThreads_GivesTheSame(string method, string[] options)
    {
        float[] Run(IBackend backend, int batch)
        {
            using (backend)
            {
                using var explainer = new Explainer(Net, backend, new ExplainerOptions { Batch = batch });
                return GradientCase.Explain(explainer, Requests.RandomInput(32, 3), method, options).Values;
            }
        }

        float[] one = Run(new CpuBackend(new CpuOptions { Threads = 1 }), 8);

        TensorAssert.SameBits(one, Run(new CpuBackend(new CpuOptions { Threads = 3 }), 8), $"{method} on three threads");
        TensorAssert.RelativeL2(one, Run(new CpuBackend(new CpuOptions { Threads = 2 }), 3), 1e-3,
            "another batch may take another convolution algorithm and with it a decision");
    }

    [TestMethod]
    [DynamicData(nameof(GradientCase.QuickCases), typeof(GradientCase))]
    public void AnyMethod_ReluRule_ChangesIt(string method, string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Net, backend);
        NetworkInput input = Requests.RandomInput(32, 4);
        string other = method == "deconvnet" ? "vanilla" : "deconvnet";

        float[] changed = GradientCase.Explain(explainer, input, method, [.. options, "relu-rule", other]).Values;

        CollectionAssert.AreNotEqual(GradientCase.Explain(explainer, input, method, options).Values, changed);
    }

    [TestMethod]
    [DynamicData(nameof(GradientCase.QuickCases), typeof(GradientCase))]
    public void AnyMethod_EstimatedWork_IsTheGradientsTaken(string method, string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Net, backend, new ExplainerOptions { Batch = 1 });
        AttributionRequest request = Requests.Of(explainer, method, new ClassTarget(0), options);
        AttributionMethod m = AttributionCatalog.All.Find(method);

        Assert.AreEqual(m.EstimatedWork(request).Backward, m.Explain(request).Work.Backward);
    }

    [TestMethod]
    public void Seed_Other_GivesOtherNoise()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Net, backend);
        AttributionRequest request = Requests.Of(explainer, "smoothgrad", new ClassTarget(0), "samples", "2");
        AttributionMethod method = AttributionCatalog.All.Find("smoothgrad");

        CollectionAssert.AreNotEqual(method.Explain(request).Values, method.Explain(request with { Seed = 1 }).Values);
    }

    [TestMethod]
    public void Vanilla_WithoutSmoothing_SharesTheImagesForwardPass()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(Net, backend);
        AttributionRequest request = Requests.Of(explainer, "vanilla", new ClassTarget(0));
        request.Forward();

        Assert.AreEqual(new Work(0, 1), AttributionCatalog.All.Find("vanilla").Explain(request).Work);
    }

    [TestMethod]
    public void IntegratedGradients_Smoothed_IsOneStreamOfBatches()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(Net, backend, new ExplainerOptions { Batch = 8 });
        int batches = 0;
        AttributionRequest request = Requests.Of(
            explainer, "integrated-gradients", new ClassTarget(0), "steps", "5", "smooth", "3") with { Progress = _ => batches++ };

        AttributionResult result = AttributionCatalog.All.Find("integrated-gradients").Explain(request);

        Assert.AreEqual(15, result.Work.Backward);
        Assert.AreEqual(2, batches, "15 points as one batch of 8 and one of 7, not as three of 5");
    }
}
