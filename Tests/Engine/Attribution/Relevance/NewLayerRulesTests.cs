using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Attribution.Relevance.Rules;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Relevance;

/// <summary>Rules of affine layers, layer norms and products in matrix form, in float64, against what runs.</summary>
[TestClass]
public sealed class NewLayerRulesTests
{
    private const double Epsilon = 1e-6;
    private static readonly double[] s_x = [1.5, -0.75, 0.5, 2];
    private static readonly double[] s_scale = [0.5, -1.5, 2, 0.75];
    private static readonly double[] s_shift = [0.25, 0.5, -0.125, 1];
    private static readonly double[][] s_weights = [[1, 0.5, -1, 0.25], [-0.5, -1.25, 0.75, 1]];

    [TestMethod]
    [DataRow("epsilon")]
    [DataRow("z-plus")]
    [DataRow("gamma")]
    public void Affine_IsADiagonalMatrixWithBiases(string composite)
    {
        double[] y = [.. s_x.Select((x, i) => (x * s_scale[i]) + s_shift[i])];
        double[] upper = Linear(y, composite);
        double[] expected =
        [
            .. s_x.Select((x, i) =>
            {
                (double z, double b) = (x * s_scale[i], s_shift[i]);
                Func<double, double> part = Part(composite, z + b);
                return part(z) * upper[i] / Stable(part(z) + part(b));
            }),
        ];

        TensorAssert.RelativeL2(expected, Explain(new ChannelAffine(4), "lrp", "composite", composite), 1e-5, "float32 products");
    }

    [TestMethod]
    public void LayerNorm_IsAMatrixWithTheDeviationHeld()
    {
        (double[,] a, double[] y) = Norm();
        double[] upper = Linear(y, "epsilon");
        double[] expected = [.. s_x.Select((x, i) => x * upper.Select((r, j) => a[j, i] * r / Stable(y[j])).Sum())];

        TensorAssert.RelativeL2(expected, Explain(new LayerNorm(4, 1e-5), "lrp", "composite", "epsilon"), 1e-5, "float32 between layers");
    }

    [TestMethod]
    public void LayerNorm_PositiveRule_SharesByPositiveProducts()
    {
        (double[,] a, double[] y) = Norm();
        double[] upper = Linear(y, "epsilon");
        var expected = new double[4];
        for (int j = 0; j < 4; j++)
        {
            double[] z = [.. s_x.Select((x, i) => Math.Max(a[j, i] * x, 0))];
            expected = [.. expected.Zip(z, (r, p) => r + (p * upper[j] / (z.Sum() + Epsilon)))];
        }

        var composite = new Composite(
            "positive", new RuleFor(LayerSelector.Kind("layernorm"), new PositiveLayerNormRule()),
            new RuleFor(LayerSelector.Kind("linear"), new EpsilonRule()));
        TensorAssert.RelativeL2(expected, Explain(new LayerNorm(4, 1e-5), new LrpMethod(composite)), 1e-5, "float32 between layers");
    }

    [TestMethod]
    [DataRow("silu")]
    [DataRow("gelu")]
    [DataRow("hardswish")]
    [DataRow("relu6")]
    [DataRow("sigmoid")]
    public void DeepLift_Activation_IsChangeOverChange(string function)
    {
        var layer = new Activation(function);
        double[] f = [.. s_x.Append(0).Select(x => Value(function, x))];
        double[] expected = [.. s_x.Select((x, i) => s_weights[1][i] * (f[i] - f[^1]))];

        TensorAssert.RelativeL2(expected, Explain(layer, "deeplift", "baseline", "mean"), 1e-5, "float32 products");
    }

    private static double Value(string function, double x) => function switch
    {
        "silu" => x / (1 + Math.Exp(-x)),
        "gelu" => x * Enumerable.Range(0, 200_000).Select(i => Density(-10 + ((i + 0.5) * (x + 10) / 200_000))).Sum() * (x + 10) / 200_000,
        "hardswish" => x * Math.Clamp((x / 6) + 0.5, 0, 1),
        "relu6" => Math.Clamp(x, 0, 6),
        _ => 1 / (1 + Math.Exp(-x)),
    };

    private static double Density(double t) => Math.Exp(-t * t / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>The relevance of logit 1 at the linear layer's inputs.</summary>
    private static double[] Linear(double[] y, string composite)
    {
        double[] z = [.. y.Select((v, i) => v * s_weights[1][i])];
        Func<double, double> part = Part(composite, z.Sum());
        return [.. z.Select(v => part(v) * z.Sum() / Stable(z.Sum(part)))];
    }

    /// <summary>What a rule makes of each product of an output z.</summary>
    private static Func<double, double> Part(string composite, double z) => composite switch
    {
        "z-plus" => v => Math.Max(v, 0),
        "gamma" => v => v * (v * z > 0 ? 1.25 : 1),
        _ => v => v,
    };

    private static (double[,] Matrix, double[] Y) Norm()
    {
        double mean = s_x.Average(), deviation = Math.Sqrt(s_x.Average(x => (x - mean) * (x - mean)) + 1e-5);
        var a = new double[4, 4];
        for (int j = 0; j < 4; j++)
        {
            for (int i = 0; i < 4; i++)
            {
                a[j, i] = s_scale[j] * ((i == j ? 1 : 0) - 0.25) / deviation;
            }
        }

        return (a, [.. s_scale.Select((s, j) => s_x.Select((x, i) => a[j, i] * x).Sum() + s_shift[j])]);
    }

    private static double Stable(double z) => z < 0 ? z - Epsilon : z + Epsilon;

    private static float[] Explain(Layer layer, string method, params string[] options) =>
        Explain(layer, AttributionCatalog.All.Find(method), options);

    /// <summary>One pixel of four channels, the layer, and a linear layer without biases whose logit 1 is explained.</summary>
    private static float[] Explain(Layer layer, AttributionMethod method, params string[] options)
    {
        Weight[] own = layer.Parameters.Count == 0 ? [] : [Vector(s_scale), Vector(s_shift)];
        Network network = new NetworkBuilder(4).Then("layer", layer, own).Then("flat", new Flatten())
            .Then("fc", new Linear(4, 2, Bias: false), Weight.FromValues("w", new Shape(2, 4), [.. s_weights.SelectMany(Floats)]))
            .Build("one", new Preprocessing { InputSize = 1, Mean = [0, 0, 0, 0], Deviation = [1, 1, 1, 1] });
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        var input = new NetworkInput("pixel", new RgbImage(1, 1, new byte[3]), Floats(s_x), "");
        return method.Explain(new AttributionRequest(
            explainer, input, new ClassTarget(1), method.Configure(options.Chunk(2).ToDictionary(o => o[0], o => o[1])))).Values;
    }

    private static Weight Vector(double[] values) => Weight.FromValues("p", new Shape(values.Length), Floats(values));

    private static float[] Floats(double[] values) => [.. values.Select(v => (float)v)];
}
