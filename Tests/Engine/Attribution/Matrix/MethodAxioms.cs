using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Matrix;

/// <summary>One explanation, and what is needed to check it.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Result">What was answered.</param>
internal sealed record MatrixAnswer(AttributionRequest Request, AttributionResult Result)
{
    public float[] Values => Result.Values;

    public double Sum => Values.Sum(v => (double)v);

    public double Fact(string name) =>
        Convert.ToDouble(Result.Facts.Single(f => f.Name == name).Value, System.Globalization.CultureInfo.InvariantCulture);

    public bool HasFact(string name) => Result.Facts.Any(f => f.Name == name);

    /// <summary>What another method answers to the same question.</summary>
    public float[] Other(string method, params string[] options) => Ask(method, options).Values;

    public AttributionResult Ask(string method, params string[] options)
    {
        AttributionMethod other = AttributionCatalog.All.Find(method);
        return other.Explain(Request with { Options = other.Configure(options.Chunk(2).ToDictionary(o => o[0], o => o[1])) });
    }

    /// <summary>S at one other input.</summary>
    public double ScoreAt(float[] input) => Request.Scores(1, (_, x) => input.CopyTo(x))[0];
}

/// <summary>
/// What each method promises of its values, whatever the network and the target: a method without a line here fails the matrix. Tolerances
/// are those of
/// float32 sums, relative to the values that are added.
/// </summary>
internal static class MethodAxioms
{
    private const double Float = 2e-4;

    /// <summary>The promise of every method by name.</summary>
    public static IReadOnlyDictionary<string, Action<MatrixAnswer>> All { get; } = new Dictionary<string, Action<MatrixAnswer>>
    {
        ["vanilla"] = a => Same(a.Request.Gradient(ReluRules.Vanilla), a.Values, "the gradient itself"),
        ["deconvnet"] = a => Same(a.Request.Gradient(ReluRules.Deconvnet), a.Values, "the gradient by its rule"),
        ["guided"] = a => Same(a.Request.Gradient(ReluRules.Guided), a.Values, "the gradient by its rule"),
        ["grad-x-input"] = a =>
        Same([.. a.Other("vanilla").Zip(a.Request.Input.Tensor, (g, x) => g * x)], a.Values, "gradient times input"),
        ["smoothgrad"] = a => Same(a.Other("vanilla"), a.Other("smoothgrad", "noise", "0", "samples", "3"), "without noise: the gradient"),
        ["smoothgrad-squared"] = a => Positive(a),
        ["vargrad"] = a =>
        {
            Positive(a);
            Assert.IsTrue(a.Other("vargrad", "noise", "0", "samples", "3").All(v => v == 0), "without noise nothing varies");
        },
        ["integrated-gradients"] = Complete,
        ["expected-gradients"] = Complete,
        ["gradientshap"] = Complete,
        ["blur-ig"] = Complete,
        ["guided-ig"] = Complete,
        ["fullgrad"] = a =>
        {
            Positive(a);
            if (a.Result.Target is not ClassTarget { Probability: true }
                && !a.Request.Network.Nodes.Any(n => n.Layer is Activation { Function: not "leaky_relu" }
                    or Multiply or LayerNorm or GroupNorm))
            {
                double size = Math.Max(Math.Abs(a.Fact("score_at_input")), Math.Abs(a.Fact("attribution_sum")));
                Assert.AreEqual(a.Fact("score_at_input"), a.Fact("attribution_sum"), Float * Math.Max(size, 0.1),
                    "input and biases make up the score");
            }
        },
        ["gradcam"] = Positive,
        ["gradcam-simple"] = a => Assert.IsTrue(a.Fact("class_agnostic") == 1, "says that it does not depend on the class"),
        ["guided-gradcam"] = a => Product(a, "guided"),
        ["vanilla-gradcam"] = a => Product(a, "vanilla"),
        ["gradcam++"] = Positive,
        ["xgradcam"] = Positive,
        ["layercam"] = Positive,
        ["hirescam"] = Positive,
        ["eigencam"] = a => Assert.IsTrue(a.Fact("explained_variance") is >= 0 and <= 1 + 1e-9, "a share"),
        ["scorecam"] = Positive,
        ["ablationcam"] = Positive,
        ["occlusion"] = OneWindow,
        ["rise"] = a =>
        {
            if (a.Result.Target is ClassTarget { Against: null })
            {
                float[] plain = a.Other("rise", "samples", "4", "cells", "3", "estimator", "plain");
                Assert.IsTrue(plain.All(v => v >= 0), "means of probabilities, each shown by a share of the masks");
            }
        },
        ["hsic"] = AlmostPositive,
        ["sobol"] = Positive,
        ["lime"] = a => Assert.IsTrue(a.Fact("r_squared") <= 1 + 1e-9, "a share of the variance"),
        ["kernelshap"] = Fair,
        ["shapley-sampling"] = Fair,
        ["sufficient"] = Enough,
        ["lrp"] = Conserves,
        ["deeplift"] = a =>
        {
            double size = Math.Max(0.1, a.Values.Sum(v => Math.Abs((double)v)));
            Assert.IsLessThan(Float * size, a.Fact("completeness_error"), "the values add up to S(x) - S(x')");
        },
        ["deep-taylor"] = a =>
        {
            double start = a.Fact("relevance_start"), end = a.Fact("relevance_end");
            Assert.AreEqual(Math.Abs(start - end) / Math.Max(Math.Abs(start), 1e-30), a.Fact("conservation_error"), 1e-6,
                "biases take nothing");
            if (start > 0 && StartsWithOneSign(a.Request) && ReadsPositiveValues(a.Request))
            {
                AlmostPositive(a);
                Assert.IsLessThanOrEqualTo(start * (1 + Float), end, "relevance is lost where nothing excites a neuron, and never made");
            }
        },
        ["excitation-backprop"] = a =>
        {
            if (a.Request.Target is not ClassTarget { Against: not null })
            {
                AlmostPositive(a);
                Assert.IsTrue(a.Fact("probability_at_layer") is >= -1e-6 and <= 1 + Float, "a probability");
            }
        },
    };

    private static void Same(float[] expected, float[] found, string what) => TensorAssert.RelativeL2(expected, found, 1e-5, what);

    private static void Positive(MatrixAnswer a) => Assert.IsTrue(a.Values.All(v => v >= 0), "no value is below 0");

    /// <summary>Sums of positive products: Winograd's algorithm, which adds and subtracts on the way, may round one that is next to nothing
    /// to just below 0.</summary>
    private static void AlmostPositive(MatrixAnswer a) =>
        Assert.IsGreaterThanOrEqualTo(-1e-5 * a.Values.Max(), a.Values.Min(), "no value is below 0 by more than rounding");

    /// <summary>Whether no value below 0 is among those that the target adds up, as there is in a channel of a sum, or a class against.
    /// </summary>
    private static bool StartsWithOneSign(AttributionRequest request)
    {
        if (request.Target is not UnitTarget { Position: null } unit)
        {
            return request.Target is not ClassTarget { Against: not null };
        }

        Session session = request.Forward([unit.Layer]);
        int plane = (int)(session.ShapeOf(unit.Layer).Count / session.ShapeOf(unit.Layer)[1]);
        return session.Activation(unit.Layer).Skip(unit.Channel * plane).Take(plane).All(v => v >= 0);
    }

    /// <summary>Whether all layers but those at the pixels read values of 0 and more, as the z-plus rule takes for granted: a ReLU stands
    /// before each.</summary>
    private static bool ReadsPositiveValues(AttributionRequest request)
    {
        Node[] read = [
            .. request.Network.Nodes.Where(n => n.Layer is Conv2d or Linear).Select(n => request.Network.Nodes[n.Inputs[0]]).Where(
            n => n.Id > 0)];
        Session session = request.Forward(read);
        return read.Where(n => n.Layer is not Flatten || n.Inputs[0] > 0).All(n => session.Activation(n).All(v => v >= 0));
    }

    /// <summary>What is said of the sum is true, and the path misses the change of the target by no more than it says.</summary>
    private static void Complete(MatrixAnswer a)
    {
        double size = Math.Max(0.1, a.Values.Sum(v => Math.Abs((double)v)));
        Assert.AreEqual(a.Sum, a.Fact("attribution_sum"), Float * size, "attribution_sum is the sum of the values");
        double change = a.Fact("score_at_input") - (a.HasFact("score_at_baseline") ? a.Fact("score_at_baseline") : 0);
        if (a.HasFact("completeness_error"))
        {
            Assert.AreEqual(Math.Abs(a.Fact("attribution_sum") - change) / Math.Abs(change), a.Fact("completeness_error"), 1e-6,
                "completeness_error is what it says");
            bool said = a.Result.Diagnosis.Any(d => d.StartsWith("completeness error", StringComparison.Ordinal));
            Assert.AreEqual(a.Fact("completeness_error") > 0.05 && a.Values.Any(v => v != 0), said,
                "said above 5 %, of a map that is not empty");
        }
    }

    private static void Product(MatrixAnswer a, string gradient)
    {
        float[] g = a.Other(gradient);
        for (int i = 0; i < g.Length; i++)
        {
            Assert.IsTrue(Math.Abs(a.Values[i]) <= Math.Abs(g[i]) * (1 + 1e-5f), "a gradient times a number in 0…1");
        }
    }

    /// <summary>A window over the whole image takes all of it away.</summary>
    private static void OneWindow(MatrixAnswer a)
    {
        (int height, int width) = (a.Request.Input.Image.Height, a.Request.Input.Image.Width);
        if (height != width)
        {
            return;
        }

        double fall = a.ScoreAt(a.Request.Input.Tensor) - a.ScoreAt(new float[a.Request.Input.Tensor.Length]);
        foreach (float value in a.Other("occlusion", "window", $"{width}", "stride", $"{width}"))
        {
            Assert.AreEqual(fall, value, 1e-4 * Math.Max(1, Math.Abs(fall)), "S of the image minus S of its mean colour");
        }
    }

    /// <summary>Superpixels share out exactly what the target gains from the fill to the image.</summary>
    private static void Fair(MatrixAnswer a) =>
        Assert.AreEqual(0, a.Fact("efficiency_error"), 1e-6 * Math.Max(1, Math.Abs(a.Result.Score)),
        "the values of all superpixels add up to S(x) - S(fill)");

    /// <summary>Each region alone, on the mean colour, has the score that is said, and meets the criterion; without the counterfactual one
    /// it is not met.</summary>
    private static void Enough(MatrixAnswer a)
    {
        for (int rank = 1; rank <= a.Fact("regions_found"); rank++)
        {
            double score = a.ScoreAt([.. a.Request.Input.Tensor.Select((v, i) => a.Values[i % a.Values.Length] == 1f / rank ? v : 0)]);
            Assert.AreEqual(score, a.Fact($"region_{rank}_score"), "the region's masked image, whatever it ran beside");
            Meets(score, $"region_{rank}", true);
        }

        if (a.HasFact("counterfactual_score"))
        {
            float[] without = a.Result.Arrays.Single(r => r.Name == "counterfactual").Values;
            double score = a.ScoreAt([.. a.Request.Input.Tensor.Select((v, i) => without[i % without.Length] == 0 ? v : 0)]);
            Assert.AreEqual(score, a.Fact("counterfactual_score"), "the image without it");
            Meets(score, "counterfactual", false);
        }

        void Meets(double score, string region, bool expected)
        {
            bool isOne = a.Request.Network.Classes > 1;
            double fill = a.Fact("fill_score"), least = fill + (0.9 * (a.Result.Score - fill));
            bool met = a.Request.Target is ClassTarget { Against: null } c && isOne ? a.Fact($"{region}_top") == c.Id
                : a.Request.Target is ClassTarget && isOne ? score > 0 : score >= least;
            Assert.AreEqual(expected, met, $"{region}: {a.Result.Facts.Single(f => f.Name == "criterion").Value}");
        }
    }

    /// <summary>
    /// What starts at the target ends in the input or in biases. Random biases let positive and negative relevance grow far above their
    /// sum, and so does what
    /// stabilisers of 1e-6 and rounding take.
    /// </summary>
    private static void Conserves(MatrixAnswer a)
    {
        double start = a.Fact("relevance_start"), taken = start * a.Fact("bias_share");
        double size = Math.Max(Math.Abs(start), a.Values.Sum(v => Math.Abs((double)v)));
        Assert.AreEqual(a.Sum, a.Fact("relevance_end"), 1e-6 * Math.Max(1, size), "relevance_end is the sum of the values");
        Assert.IsLessThanOrEqualTo(2e-3 * size, Math.Abs(start - a.Fact("relevance_end") - taken), "start = input + biases");
    }
}
