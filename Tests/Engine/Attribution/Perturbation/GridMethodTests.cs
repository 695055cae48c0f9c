using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Engine.Statistics;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Perturbation;

/// <summary>HSIC and Sobol indices against plain loops and where the right values can be written down.</summary>
[TestClass]
public sealed class GridMethodTests
{
    private const int Size = 16, Cells = 2;

    [TestMethod]
    public void Sobol_OfAnAdditiveScore_AreTheShares()
    {
        // A white image, the quadrants' parts 1, 2, 3 and 0 of a logit.
        Network net = LinearNet.OfPixels(Size, (c, y, x) => c == 0 ? ((y < 8 ? 0 : 2) + (x < 8 ? 1 : 2)) % 4 / 64.0 : 0);
        NetworkInput white = LinearNet.Image(Size, (_, _) => (255, 255, 255));

        double[] found = Values(Explain(net, white, "sobol", 0, "cells", $"{Cells}", "samples", "512", "fill", "black"));

        double[] expected = [1 / 14.0, 4 / 14.0, 9 / 14.0, 0];
        for (int k = 0; k < 4; k++)
        {
            Assert.AreEqual(expected[k], found[k], 0.04, "512 points of a sequence: a_k² / Σ a²");
        }
    }

    [TestMethod]
    public void Hsic_OfTwoCellsThatAdd_IsItsClosedForm()
    {
        // The left half adds 1, the right one 2, each in two cells.
        Network net = LinearNet.OfPixels(Size, (c, _, x) => c == 0 ? (x < 8 ? 1 : 2) / 128.0 : 0);
        NetworkInput white = LinearNet.Image(Size, (_, _) => (255, 255, 255));
        AttributionResult result = Explain(net, white, "hsic", 3, "cells", "2", "samples", "4000", "fill", "black");

        // By enumeration of all 16 × 16 pairs of coins of the four cells.
        double width = (double)result.Facts.First(f => f.Name == "kernel_width").Value;
        double[] parts = [0.5, 1, 0.5, 1];
        double[] expected = new double[4];
        foreach ((int a, int b) in from a in Enumerable.Range(0, 16) from b in Enumerable.Range(0, 16) select (a, b))
        {
            double distance = Enumerable.Range(0, 4).Sum(k => parts[k] * ((a >> k & 1) - (b >> k & 1)));
            for (int k = 0; k < 4; k++)
            {
                expected[k] += 2 * ((a >> k & 1) - 0.5) * ((b >> k & 1) - 0.5) * Math.Exp(-distance * distance / (2 * width * width)) / 256;
            }
        }

        double[] found = Values(result);
        for (int k = 0; k < 4; k++)
        {
            Assert.AreEqual(expected[k], found[k], 0.01, "4000 masks");
        }
    }

    [TestMethod]
    public void Hsic_OfANetwork_IsTheTraceOfItsMatrices()
    {
        Network net = TinyNets.Vgg(size: Size);
        NetworkInput input = LinearNet.Quadrants(Size);
        const int N = 24, Side = 3;
        double[][] masks = [.. Enumerable.Range(0, N).Select(i =>
            Enumerable.Range(0, Side * Side).Select(k => new Rng(5, (ulong)i).Uniform((ulong)k) < 0.5 ? 1.0 : 0).ToArray())];
        double[] y = Scores(net, input, masks, Side);
        double[] distances = [.. (from a in Enumerable.Range(0, N) from b in Enumerable.Range(0, a) select Math.Abs(y[a] - y[b])).Order()];
        double width = distances[(distances.Length - 1) / 2];
        double[,] l = Centred((a, b) => Math.Exp(-(y[a] - y[b]) * (y[a] - y[b]) / (2 * width * width)));

        AttributionResult result = Explain(net, input, "hsic", 5, "cells", $"{Side}", "samples", $"{N}");

        Assert.AreEqual(width, (double)result.Facts.First(f => f.Name == "kernel_width").Value, 1e-9, "the median of 276 distances");
        for (int cell = 0; cell < Side * Side; cell++)
        {
            double[,] k = Centred((a, b) => 0.5 - ((masks[a][cell] - masks[b][cell]) * (masks[a][cell] - masks[b][cell])));
            double trace = 0;
            for (int a = 0; a < N; a++)
            {
                for (int b = 0; b < N; b++)
                {
                    trace += k[a, b] * l[b, a];
                }
            }

            Assert.AreEqual(trace / ((N - 1) * (N - 1)), Values(result)[cell], 1e-7, "float64 up to one rounding");
        }

        static double[,] Centred(Func<int, int, double> kernel)
        {
            var h = new double[N, N];
            for (int a = 0; a < N; a++)
            {
                for (int b = 0; b < N; b++)
                {
                    h[a, b] = kernel(a, b);
                }
            }

            double[] means = [.. Enumerable.Range(0, N).Select(a => Enumerable.Range(0, N).Average(b => h[a, b]))];
            double all = means.Average();
            for (int a = 0; a < N; a++)
            {
                for (int b = 0; b < N; b++)
                {
                    h[a, b] -= means[a] + means[b] - all;
                }
            }

            return h;
        }
    }

    [TestMethod]
    public void Sobol_OfANetwork_IsJansensEstimate()
    {
        Network net = TinyNets.Vgg(size: Size);
        NetworkInput input = LinearNet.Quadrants(Size);
        const int N = 6, Side = 3, Inputs = Side * Side;
        var halton = new Halton(2 * Inputs, new Rng(5));
        double[][] a = [.. Enumerable.Range(1, N).Select(i => Enumerable.Range(0, Inputs).Select(d => halton.At(i, d)).ToArray())];
        double[] y = Scores(net, input, a, Side);
        double mean = y.Average(), variance = y.Average(v => (v - mean) * (v - mean));

        double[] found = Values(Explain(net, input, "sobol", 5, "cells", $"{Side}", "samples", $"{N}"));

        for (int j = 0; j < Inputs; j++)
        {
            double[] c = Scores(net, input,
                [.. a.Select((p, i) => p.Select((v, d) => d == j ? halton.At(i + 1, Inputs + j) : v).ToArray())], Side);
            double expected = y.Zip(c, (u, v) => (u - v) * (u - v)).Sum() / (2 * N * variance);
            Assert.AreEqual(expected, found[j], 1e-4 * Math.Max(1, expected), "weights and inputs in float32");
        }
    }

    [TestMethod]
    public void HilbertSchmidt_OfDealtOutNumbers_IsAboutItsChance()
    {
        const int N = 60, Deals = 300;
        var rng = new Rng(8);
        bool[][] x = [.. Enumerable.Range(0, N).Select(i => new[] { rng.Uniform((ulong)i) < 0.5, rng.Uniform((ulong)(N + i)) < 0.5 })];
        double[] y = [.. Enumerable.Range(0, N).Select(i => rng.Gaussian((ulong)(1000 + i)) + (x[i][0] ? 3 : 0))];
        double width = HilbertSchmidt.MedianDistance(y);
        (double[] values, double chance) = HilbertSchmidt.Of(x, y, width, 2);
        double sum = 0;
        for (int deal = 0; deal < Deals; deal++)
        {
            int[] order = Draws.Permutation(N, new Rng(9, (ulong)deal));
            sum += HilbertSchmidt.Of(x, [.. order.Select(i => y[i])], width, 1).Values.Average() / Deals;
        }

        Assert.AreEqual(chance, sum, 0.1 * chance, "300 deals of two coins");
        Assert.IsGreaterThan(10 * chance, values[0], "the coin that counts");
        Assert.IsLessThan(5 * chance, values[1], "the one that does not");
    }

    [TestMethod]
    [DataRow("hsic")]
    [DataRow("sobol")]
    public void SeedAndOptions_Decide_AndBatchesDoNot(string method)
    {
        float[] one = Run(1, 3);
        TensorAssert.SameBits(one, Run(5, 3), "masks do not know of batches");
        CollectionAssert.AreNotEqual(one, Run(5, 4));

        float[] Run(int batch, ulong seed)
        {
            using var backend = new ReferenceBackend();
            using var explainer = new Explainer(TinyNets.Vgg(size: Size), backend, new ExplainerOptions { Batch = batch });
            AttributionRequest request = Requests.Of(explainer, method, new ClassTarget(2), "cells", "3", "samples", "7");
            return AttributionCatalog.All.Find(method).Explain(request with { Seed = seed }).Values;
        }
    }

    private static double[] Values(AttributionResult result) =>
        [.. result.Arrays.Single(a => a.Name == "cells").Values.Select(v => (double)v)];

    /// <summary>The logit of class 2 behind masks that are enlarged by looking up each pixel's cell.</summary>
    private static double[] Scores(Network net, NetworkInput input, double[][] masks, int side)
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(net, backend);
        AttributionRequest request = Requests.Of(explainer, "hsic", new ClassTarget(2)) with { Input = input };
        return request.Scores(masks.Length, (index, x) =>
        {
            for (int i = 0; i < x.Length; i++)
            {
                int row = i / Size % Size * side / Size, column = i % Size * side / Size;
                x[i] = (float)masks[index][(row * side) + column] * input.Tensor[i];
            }
        });
    }

    private static AttributionResult Explain(Network net, NetworkInput input, string method, ulong seed, params string[] options)
    {
        using IBackend backend = new ReferenceBackend();
        using var explainer = new Explainer(net, backend);
        var target = new ClassTarget(net.Classes > 2 ? 2 : 0);
        AttributionRequest request = Requests.Of(explainer, method, target, options) with { Input = input, Seed = seed };
        return AttributionCatalog.All.Find(method).Explain(request);
    }
}
