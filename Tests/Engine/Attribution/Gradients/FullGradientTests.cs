using Interp.Engine.Arithmetic;
using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Gradients;

[TestClass]
public sealed class FullGradientTests
{
    /// <summary>
    /// One channel of 1×1 convolution a = x_red + 1 on 2×2 pixels, then S = a00 + 2·a01 + 3·a10 + 4·a11. The input's terms g·x in red are
    /// 1·1, 2·2, 3·0, 4·0, all
    /// others 0, which stretch to ¼, 1, 0, 0; the bias terms 1, 2, 3, 4 stretch to 0, ⅓, ⅔, 1.
    /// </summary>
    [TestMethod]
    public void OneConvolution_IsTheHandWorkedMap()
    {
        Network net = new NetworkBuilder(3)
            .Then("conv", new Conv2d(3, 1, Window.Square(1)), Weight.FromValues("w", new Shape(1, 3, 1, 1), [1, 0, 0]),
            Weight.FromValues("b", new Shape(1), [1]))
            .Then("flat", new Flatten())
            .Then("sum", new Linear(4, 1, Bias: false), Weight.FromValues("s", new Shape(1, 4), [1, 2, 3, 4]))
            .Build("hand", new Preprocessing { InputSize = 2 });
        using var backend = new ReferenceBackend();

        AttributionResult result = GradientCase.Explain(
            net, backend, GradientCase.Input(2, 1, 2, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5), "fullgrad");

        foreach ((double expected, float found) in ((double[])[0.25, 1 + (1 / 3.0), 2 / 3.0, 1]).Zip(result.Values))
        {
            Assert.AreEqual(expected, found, 1e-6, "rounded to float32");
        }

        Assert.AreEqual(15, result.Fact("attribution_sum"), 1e-9, "1 + 4 of the input, 10 of the biases: S(x)");
        Assert.AreEqual(0, result.Fact("completeness_error"), 1e-9, "small whole numbers");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void ConvolutionalNetwork_IsThePlainSumAndComplete(bool branches)
    {
        Network net = branches ? TinyNets.Diamond() : TinyNets.Vgg();
        int size = net.Preprocessing.InputSize;
        NetworkInput input = Requests.RandomInput(size, 3);
        using var exact = new ExactModel(net, 0, size);
        double[] x = [.. input.Tensor.Select(v => (double)v)];
        var map = new double[size * size];
        double total = 0;
        foreach (Node node in net.Nodes.Where(n => n.Id == 0 || n.Weights.Length == 2))
        {
            Shape shape = net.Shapes(1, size, size)[node.Id];
            float[]? bias = node.Id == 0 ? null : node.Weights[1].ToArray();
            int plane = shape.Rank == 4 ? shape[2] * shape[3] : 1;
            double[] terms = [.. exact.GradientAt(node, x).Select((g, i) => g * (bias is null ? x[i] : bias[i / plane]))];
            total += terms.Sum();
            if (shape.Rank != 4 || terms.All(t => t == 0))
            {
                continue;
            }

            double least = terms.Min(Math.Abs), range = terms.Max(Math.Abs) - least;
            for (int k = 0; k < shape[1]; k++)
            {
                float[] channel = [.. terms.Skip(k * plane).Take(plane).Select(t => (float)((Math.Abs(t) - least) / range))];
                float[] enlarged = Bilinear.Resize(channel, (shape[2], shape[3]), (size, size));
                for (int i = 0; i < map.Length; i++)
                {
                    map[i] += enlarged[i];
                }
            }
        }

        using var backend = new ReferenceBackend();
        AttributionResult result = GradientCase.Explain(net, backend, input, "fullgrad");

        TensorAssert.RelativeL2(map, result.Values, 1e-6, "gradients are rounded to float32");
        Assert.AreEqual(total, result.Fact("attribution_sum"), 1e-4 * Math.Abs(total),
            "the sum of some thousand rounded terms of both signs");
        Assert.IsLessThan(1e-4, result.Fact("completeness_error"), "likewise");
    }

    [TestMethod]
    public void UnitOfAMiddleLayer_LayersBehindItCountNothing()
    {
        Network net = TinyNets.Vgg();
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(net, backend);

        AttributionResult result = GradientCase.Explain(
            explainer, Requests.RandomInput(32, 4), "fullgrad", new UnitTarget(net.Find("conv1_0"), 3));

        Assert.IsLessThan(1e-4, result.Fact("completeness_error"), "the biases up to the unit are all there is");
    }

    [TestMethod]
    public void Probability_IsNotComplete_AndThatIsSaid()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(TinyNets.Vgg(), backend);

        AttributionResult result = GradientCase.Explain(
            explainer, Requests.RandomInput(32, 5), "fullgrad", new ClassTarget(0, Probability: true));

        Assert.Contains("logit", result.Diagnosis.Single());
    }
}
