using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Gradients;

/// <summary>Expected gradients and gradient SHAP.</summary>
[TestClass]
public sealed class RandomPathTests
{
    [TestMethod]
    public void ExpectedGradients_LinearNetwork_IsWeightTimesTheWayFromTheMeanBackground()
    {
        Network linear = GradientCase.Linear(1, [2, -1, 0.5f], [1]);
        NetworkInput input = GradientCase.Input(1, 1, 2, 3);
        using var backend = new ReferenceBackend();

        AttributionResult result = GradientCase.Explain(linear, backend, input, "expected-gradients", "samples", "5");

        float[][] starts = [
            .. Enumerable.Range(0, 5).Select(i => Baseline.Noise.Of(input, linear.Preprocessing, new Rng(0, ((ulong)i << 8) | 3)))];
        for (int c = 0; c < 3; c++)
        {
            double expected = ((double[])[2, -1, 0.5])[c] * (input.Tensor[c] - starts.Average(s => (double)s[c]));
            Assert.AreEqual(expected, result.Values[c], 1e-6, "rounded to float32");
        }

        Assert.AreEqual(0, result.Fact("completeness_error"), 1e-5, "linear networks are complete whatever is drawn; float32 logits");
    }

    [TestMethod]
    [DataRow("expected-gradients")]
    [DataRow("gradientshap")]
    public void ManySamples_AddUpToTheExpectedChange(string method)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });

        AttributionResult result = GradientCase.Explain(TinyNets.Vgg(), backend, Requests.RandomInput(32, 8), method, "samples", "200");

        Assert.IsLessThan(0.15, result.Fact("completeness_error"), "a mean of 200 gradients that change at hundreds of kinks");
    }

    [TestMethod]
    public void GradientShap_OneBaselineWithoutNoise_ApproachesIntegratedGradients()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(TinyNets.Vgg(), backend);
        NetworkInput input = Requests.RandomInput(32, 9);
        float[] integrated = GradientCase.Explain(explainer, input, "integrated-gradients", "steps", "200").Values;

        float[] shap = GradientCase.Explain(explainer, input, "gradientshap", "samples", "200").Values;

        TensorAssert.RelativeL2(integrated, shap, 0.1, "one random place in each of 200 parts of the path");
    }

    [TestMethod]
    public void GradientShap_NoiseBaseline_IsThePlainLoop()
    {
        const int Samples = 6;
        Network net = TinyNets.Diamond();
        NetworkInput input = Requests.RandomInput(17, 10);
        using var exact = new ExactModel(net, 0, 17);
        double sigma = 0.1 * ((double)input.Tensor.Max() - input.Tensor.Min());
        var expected = new double[input.Tensor.Length];
        for (int s = 0; s < Samples; s++)
        {
            ulong sample = (ulong)s << 8;
            (Rng noise, Rng place, Rng color) = (new(0, sample | 1), new(0, sample | 2), new(0, sample | 3));
            float[] start = Baseline.Noise.Of(input, net.Preprocessing, color);
            double alpha = (s + place.Uniform(0)) / Samples;
            double[] x = [.. input.Tensor.Select((v, i) => v + (sigma * noise.Gaussian((ulong)i)))];
            double[] gradient = exact.Gradient([.. x.Zip(start, (v, b) => b + (alpha * (v - b)))]);
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += gradient[i] * (x[i] - start[i]) / Samples;
            }
        }

        using var backend = new ReferenceBackend();
        float[] found = GradientCase.Explain(
            net, backend, input, "gradientshap", "samples", $"{Samples}", "noise", "0.1", "baseline", "noise").Values;
        TensorAssert.RelativeL2(expected, found, 1e-5, "noisy inputs and points on the path are rounded to float32");
    }

    [TestMethod]
    public void Background_Folder_DrawsItsImages()
    {
        using var scratch = new TemporaryFolder();
        ImageFile.WritePng(scratch["black.png"], new RgbImage(32, 32, new byte[3 * 32 * 32]));
        Network net = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(net, backend);
        NetworkInput input = Requests.RandomInput(32, 11);

        double drawn = GradientCase.Explain(explainer, input, "expected-gradients", "samples", "4", "background", scratch.Root).Fact(
            "score_at_baseline");

        double black = GradientCase.Explain(explainer, input, "integrated-gradients", "steps", "1").Fact("score_at_baseline");
        Assert.AreEqual(black, drawn, 1e-6, "the only image is black");
    }

    [TestMethod]
    public void Background_Missing_NamesIt()
    {
        using var scratch = new TemporaryFolder();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });

        InputException e = Assert.ThrowsExactly<InputException>(
            () => GradientCase.Explain(TinyNets.Vgg(), backend, Requests.RandomInput(32, 12), "expected-gradients", "background",
            scratch["nowhere"]));

        Assert.Contains("nowhere", e.Message);
    }
}
