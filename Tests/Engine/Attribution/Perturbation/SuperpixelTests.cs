using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Perturbation;

/// <summary>LIME, kernel SHAP and Shapley sampling where the right values can be written down.</summary>
[TestClass]
public sealed class SuperpixelTests
{
    private const int Size = 16;
    private static readonly string[] s_all = ["lime", "kernelshap", "shapley-sampling"];
    private static readonly NetworkInput s_quadrants = LinearNet.Quadrants(Size);

    public static IEnumerable<object[]> Methods => s_all.Select(m => new object[] { m });

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void LinearNetwork_EachQuadrant_GetsItsOwnSum(string method)
    {
        Network net = LinearNet.OfPixels(Size, (c, y, x) => (y < 8 ? 1 : -2) * (x < 8 ? 0.1 : 0.3) * (c + 1));
        string[] ridge = method == "lime" ? ["ridge", "0"] : [];

        AttributionResult result = Explain(net, s_quadrants, method, ["segments", "4", "samples", "30", "fill", "black", .. ridge]);

        Assert.AreEqual(4, result.Facts.First(f => f.Name == "segments").Value);
        foreach ((int y, int x) in (ReadOnlySpan<(int, int)>)[(3, 3), (3, 12), (12, 3), (12, 12)])
        {
            int pixel = 3 * ((y * Size) + x);
            double color = Enumerable.Range(0, 3).Sum(c => (c + 1) * s_quadrants.Image.Pixels[pixel + c] / 255.0);
            double expected = 64 * (y < 8 ? 1 : -2) * (x < 8 ? 0.1 : 0.3) * color;
            Assert.AreEqual(expected, result.Values[(y * Size) + x], 1e-3, "float32 scores of about 100, fitted exactly");
        }
    }

    [TestMethod]
    public void KernelShap_AllCoalitions_AreTheShapleyValues()
    {
        double[] exact = Shapley();

        AttributionResult result = Explain(TinyNets.Vgg(size: Size), s_quadrants, "kernelshap", ["segments", "4"]);

        Assert.AreEqual(14, result.Facts.First(f => f.Name == "coalitions").Value);
        TensorAssert.RelativeL2(exact, Quadrants(result), 1e-6, "float64 up to one rounding of the map and of the logits");
    }

    [TestMethod]
    public void ShapleySampling_ManyOrders_ComesNearTheShapleyValues()
    {
        double[] exact = Shapley();

        AttributionResult result = Explain(TinyNets.Vgg(size: Size), s_quadrants, "shapley-sampling", ["segments", "4", "samples", "400"]);

        double error = (double)result.Facts.First(f => f.Name == "largest_standard_error").Value;
        Assert.IsTrue(error > 0 && error < 0.2 * exact.Max(Math.Abs), $"standard error {error}");
        for (int k = 0; k < 4; k++)
        {
            Assert.AreEqual(exact[k], Quadrants(result)[k], 4 * error, "four standard errors");
        }
    }

    [TestMethod]
    [DataRow("kernelshap")]
    [DataRow("shapley-sampling")]
    public void Efficiency_AnyNetwork_IsExact(string method)
    {
        string samples = method == "kernelshap" ? "60" : "3";
        AttributionResult result = Explain(TinyNets.Vgg(), Requests.RandomInput(32, 5), method, ["segments", "16", "samples", samples]);

        float[] segments = result.Arrays.Single(a => a.Name == "segments").Values;
        int count = (int)result.Facts.First(f => f.Name == "segments").Value;
        double sum = Enumerable.Range(0, count).Sum(k => (double)result.Values[Array.IndexOf(segments, k)]);
        double fall = result.Score - (double)result.Facts.First(f => f.Name == "baseline_score").Value;
        Assert.AreEqual(fall, sum, 1e-5 * result.Values.Max(MathF.Abs), "the map is rounded to float32");
        Assert.AreEqual(0, (double)result.Facts.First(f => f.Name == "efficiency_error").Value, 1e-9, "float64");
    }

    [TestMethod]
    [DataRow("kernelshap", "60")]
    [DataRow("shapley-sampling", "2")]
    public void DummyAndSymmetry_LinearNetwork_Hold(string method, string samples)
    {
        // Sixteen tiles of a black image are all alike; only those of the left half count, and all of these count the same.
        Network net = LinearNet.OfPixels(Size, (_, _, x) => x < 8 ? 1 : 0);
        NetworkInput black = LinearNet.Image(Size, (_, _) => (0, 0, 0));

        AttributionResult result = Explain(net, black, method, ["segments", "16", "samples", samples, "fill", "grey"]);

        for (int i = 0; i < result.Values.Length; i++)
        {
            Assert.AreEqual(i % Size < 8 ? -24 : 0, result.Values[i], 2e-4,
                "16 pixels of 3 channels, each ½ less; float32 scores of about 200");
        }
    }

    [TestMethod]
    public void Lime_Coefficients_SolveTheirLeastSquares()
    {
        // No coefficient can be moved without making the loss larger.
        Network net = TinyNets.Vgg(size: Size);
        string[] options = ["segments", "4", "samples", "50", "ridge", "0.5", "kernel-width", "0.4"];
        AttributionResult found = Explain(net, s_quadrants, "lime", options);
        double[] beta = Quadrants(found);
        double[] scores = Scores();
        IEnumerable<int> drawn = Enumerable.Range(0, 50).Select(
            i => Enumerable.Range(0, 4).Sum(k => new Rng(0, (ulong)i).Uniform((ulong)k) < 0.5 ? 1 << k : 0));
        (int Bits, double Weight)[] samples = [(15, 1), .. drawn.Select(bits => (bits, Weight(bits)))];

        double least = Loss(beta);
        Assert.IsGreaterThan(0.0, least);
        for (int k = 0; k < 4; k++)
        {
            foreach (double step in (double[])[-1e-3, 1e-3])
            {
                double[] moved = [.. beta];
                moved[k] += step;
                Assert.IsGreaterThan(least, Loss(moved), $"coefficient {k} is not the best");
            }
        }

        double explained = (double)found.Facts.First(f => f.Name == "r_squared").Value;
        Assert.IsTrue(explained is > 0 and < 1, $"R² {explained}");

        double Weight(int bits) => Math.Pow(1 - Math.Sqrt(int.PopCount(bits) / 4.0), 2) is var d ? Math.Exp(-d / (2 * 0.4 * 0.4)) : 0;

        // The intercept is free, so it is the weighted mean of what the coefficients leave.
        double Loss(double[] b)
        {
            double[] left = [.. samples.Select(s => scores[s.Bits] - Enumerable.Range(0, 4).Sum(k => (s.Bits >> k & 1) * b[k]))];
            double mean = left.Zip(samples, (l, s) => l * s.Weight).Sum() / samples.Sum(s => s.Weight);
            return left.Zip(samples, (l, s) => s.Weight * (l - mean) * (l - mean)).Sum() + (0.5 * b.Sum(v => v * v));
        }
    }

    [TestMethod]
    [DataRow("kernelshap", "estimator", "plain")]
    [DataRow("lime", "ridge", "0")]
    public void TooFewSamples_AreDiagnosed(string method, string option, string value)
    {
        string[] options = ["segments", "16", "samples", "4", option, value];
        AttributionResult result = Explain(TinyNets.Vgg(), Requests.RandomInput(32, 5), method, options);

        Assert.Contains("raise option 'samples'", result.Diagnosis.Single());
        Assert.IsTrue(result.Values.All(float.IsFinite));
    }

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Seed_Decides_AndBatchesDoNot(string method)
    {
        float[] Run(int batch, ulong seed)
        {
            using var backend = new ReferenceBackend();
            using var explainer = new Explainer(TinyNets.Vgg(size: Size), backend, new ExplainerOptions { Batch = batch });
            AttributionRequest request = Requests.Of(explainer, method, new ClassTarget(2), "segments", "9", "samples", "12");
            return AttributionCatalog.All.Find(method).Explain(request with { Seed = seed }).Values;
        }

        float[] one = Run(1, 3);
        TensorAssert.SameBits(one, Run(5, 3), "coalitions do not know of batches");
        CollectionAssert.AreNotEqual(one, Run(5, 4));
    }

    /// <summary>The logit of class 2 with the quadrants that a number's bits name, the others in the mean colour.</summary>
    private static double[] Scores()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(TinyNets.Vgg(size: Size), backend);
        AttributionRequest request = Requests.Of(explainer, "lime", new ClassTarget(2)) with { Input = s_quadrants };
        return request.Scores(16, (bits, input) =>
        {
            for (int i = 0; i < input.Length; i++)
            {
                int quadrant = (i / Size % Size / 8 * 2) + (i % Size / 8);
                input[i] = (bits >> quadrant & 1) == 1 ? s_quadrants.Tensor[i] : 0;
            }
        });
    }

    /// <summary>φ_k = Σ over coalitions z without k of |z|! (3 − |z|)! / 4! · (v(z ∪ k) − v(z)).</summary>
    private static double[] Shapley()
    {
        double[] v = Scores();
        double[] weights = [6 / 24.0, 2 / 24.0, 2 / 24.0, 6 / 24.0];
        double Value(int k) =>
            Enumerable.Range(0, 16).Where(z => (z >> k & 1) == 0).Sum(z => weights[int.PopCount(z)] * (v[z | 1 << k] - v[z]));
        return [Value(0), Value(1), Value(2), Value(3)];
    }

    private static double[] Quadrants(AttributionResult result) =>
        [result.Values[0], result.Values[Size - 1], result.Values[^Size], result.Values[^1]];

    private static AttributionResult Explain(Network net, NetworkInput input, string method, params string[] options)
    {
        using IBackend backend = new ReferenceBackend();
        using var explainer = new Explainer(net, backend);
        var target = new ClassTarget(net.Classes > 2 ? 2 : 0);
        return AttributionCatalog.All.Find(method).Explain(Requests.Of(explainer, method, target, options) with { Input = input });
    }
}
