using Interp.Engine.Attribution;
using Interp.Engine.Models;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Relevance;

/// <summary>Every rule as its paper writes it, with z_ij = x_i·w_ij of every pair in float64, against what runs on the backend's
/// kernels.</summary>
[TestClass]
public sealed class RulesInMatrixFormTests
{
    private const double Epsilon = 1e-6;
    private const string Reason = "float32 sums of a few terms, and 1e-6 beside denominators of order 1";

    /// <summary>What input i receives from output j of a layer: R_i ← R_j by x, w_j, b_j.</summary>
    private delegate double[] Rule(double[] x, double[] w, double b, double upper);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Epsilon_IsTheShareOfEachProduct(int c) => Check("epsilon", c, EpsilonRule, EpsilonRule);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Gamma_CountsWhatSpeaksForTheOutputMore(int c) => Check("gamma", c, GammaRule, GammaRule);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void ZPlus_SharesByPositiveProducts(int c) => Check("z-plus", c, Plus(bias: true), Plus(bias: true));

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void AlphaBeta_SharesPositiveAndNegativeProductsApart(int c) => Check("alpha2-beta1", c, AlphaBeta, AlphaBeta);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Flat_SharesEvenly(int c) => Check("flat", c, Flat, Flat);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void WSquare_SharesBySquaredWeights(int c) => Check(Everywhere("\"w-square\""), c, Square, Square);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void WithoutBiases_ParametersOfAFile(int c)
    {
        Check(Everywhere("\"epsilon\", \"bias\": false"), c, Unbiased(EpsilonRule), Unbiased(EpsilonRule));
        Check(Everywhere("\"alpha-beta\", \"alpha\": 2, \"bias\": false"), c, Unbiased(AlphaBeta), Unbiased(AlphaBeta));
        Check(Everywhere("\"w-square\", \"bias\": false"), c, Unbiased(Square), Unbiased(Square));
    }

    [TestMethod]
    public void EpsilonPlusFlat_IsFlatBelowAndEpsilonAbove() => Check("epsilon-plus-flat", 0, Flat, EpsilonRule);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void DeepTaylor_IsZBoxBelowAndZPlusWithoutBiasesAbove(int c)
    {
        DenseNet net = DenseNet.Sample();
        AttributionResult result = net.Explain("deep-taylor", new ClassTarget(c));
        float[] found = result.Values;
        Assert.AreEqual(result.Score < 0, result.Diagnosis.Any(d => d.StartsWith("relevance starts from -", StringComparison.Ordinal)),
            "defined above 0 only");
        TensorAssert.RelativeL2(Twin(net, c, Box, Plus(bias: false)), found, 1e-5, Reason);
    }

    [TestMethod]
    public void DeepTaylor_WithoutBiasesAndBox_IsAlpha1Beta0()
    {
        DenseNet sample = DenseNet.Sample();
        var net = new DenseNet(sample.X, [.. sample.Layers.Select(l => (l.Weights, new double[l.Biases.Length]))]);
        double[] alpha1Beta0 = Twin(net, 0, Plus(bias: false), Plus(bias: false));
        TensorAssert.RelativeL2(alpha1Beta0, net.Explain("lrp", new ClassTarget(0), "composite", "z-plus").Values, 1e-5, Reason);
    }

    [TestMethod]
    [DataRow("epsilon", 6.0, -2.0)]
    [DataRow("gamma", 30 / 5.5, -8 / 5.5)]
    [DataRow("z-plus", 4.0, 0.0)]
    [DataRow("alpha2-beta1", 8.0, -4.0)]
    [DataRow("flat", 4.0 / 3, 4.0 / 3)]
    public void Rule_WorkedByHand(string composite, double first, double second)
    {
        // Products 3·2 = 6 and (−2)·1 = −2, and nothing from the third input: the logit is 4. Gamma: 6·1.25 = 7.5 and −2 of 5.5 together.
        var net = new DenseNet([2, 1, 0], ([[3, -2, 5]], [0]));

        float[] found = net.Explain("lrp", new ClassTarget(0), "composite", composite).Values;

        Assert.AreEqual(first, found[0], 1e-5, "1e-6 in a denominator of at least 2");
        Assert.AreEqual(second, found[1], 1e-5, "1e-6 in a denominator of at least 2");
        Assert.AreEqual(composite == "flat" ? first : 0, found[2], 1e-5, "an input of 0 adds nothing");
    }

    private static void Check(string composite, int c, Rule first, Rule second)
    {
        DenseNet net = DenseNet.Sample();
        float[] found = net.Explain("lrp", new ClassTarget(c), "composite", composite).Values;
        TensorAssert.RelativeL2(Twin(net, c, first, second), found, 1e-5, Reason);
    }

    private static double[] Twin(DenseNet net, int c, Rule first, Rule second)
    {
        double[][] a = net.Activations(net.X);
        double[] relevance = [.. a[2].Select((z, j) => j == c ? z : 0)];
        relevance = Lower(net, 1, a[1], relevance, second);
        return Lower(net, 0, a[0], relevance, first);
    }

    private static double[] Lower(DenseNet net, int layer, double[] x, double[] upper, Rule rule)
    {
        var lower = new double[x.Length];
        for (int j = 0; j < upper.Length; j++)
        {
            double[] shares = rule(x, net.Layers[layer].Weights[j], net.Layers[layer].Biases[j], upper[j]);
            lower = [.. lower.Zip(shares, (r, s) => r + s)];
        }

        return lower;
    }

    private static double[] Shares(IEnumerable<double> parts, double others, double upper)
    {
        double z = parts.Sum() + others;
        return [.. parts.Select(p => p * upper / (z + (z < 0 ? -Epsilon : Epsilon)))];
    }

    private static double[] Products(double[] x, double[] w) => [.. x.Zip(w, (v, a) => v * a)];

    private static double[] EpsilonRule(double[] x, double[] w, double b, double upper) => Shares(Products(x, w), b, upper);

    private static double[] GammaRule(double[] x, double[] w, double b, double upper)
    {
        double[] z = Products(x, w);
        double output = z.Sum() + b;
        double More(double v) => v * (v * output > 0 ? 1.25 : 1);
        return output == 0 ? new double[z.Length] : Shares(z.Select(More), More(b), upper);
    }

    private static Rule Plus(bool bias) => (x, w, b, upper) =>
        Shares(Products(x, w).Select(v => Math.Max(v, 0)), bias ? Math.Max(b, 0) : 0, upper);

    private static double[] AlphaBeta(double[] x, double[] w, double b, double upper) =>
        [.. Plus(bias: true)(x, w, b, upper).Zip(
        Shares(Products(x, w).Select(v => Math.Min(v, 0)), Math.Min(b, 0), upper), (p, n) => (2 * p) - n)];

    private static string Everywhere(string rule) => $"{{ \"rules\": [ {{ \"kind\": \"linear\", \"rule\": {rule} }} ] }}";

    private static Rule Unbiased(Rule rule) => (x, w, b, upper) => rule(x, w, 0, upper);

    private static double[] Square(double[] x, double[] w, double b, double upper) => Shares(w.Select(v => v * v), b * b, upper);

    private static double[] Flat(double[] x, double[] w, double b, double upper) => Shares(x.Select(_ => 1.0), 0, upper);

    private static double[] Box(double[] x, double[] w, double b, double upper)
    {
        Preprocessing p = Preprocessing.ImageNet;
        return Shares(
            x.Select((v, i) =>
            (v * w[i]) - ((0 - p.Mean[i]) / p.Deviation[i] * Math.Max(w[i], 0)) - ((1 - p.Mean[i]) / p.Deviation[i] * Math.Min(w[i], 0)))
            .ToArray(),
            0,
            upper);
    }
}
