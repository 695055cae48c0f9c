using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Gradients;

/// <summary>Small inputs and networks of which the answers are known, and one call that explains.</summary>
internal static class GradientCase
{
    /// <summary>Options of every path method so that a test is quick.</summary>
    public static readonly (string Method, string[] Options)[] Quick =
    [
        ("vanilla", []), ("deconvnet", []), ("guided", []), ("grad-x-input", []),
        ("smoothgrad", ["samples", "7"]), ("smoothgrad-squared", ["samples", "7"]), ("vargrad", ["samples", "7"]),
        ("integrated-gradients", ["steps", "6"]), ("expected-gradients", ["samples", "6"]),
        ("gradientshap", ["samples", "6", "noise", "0.1"]),
        ("blur-ig", ["steps", "5", "max-sigma", "4"]), ("guided-ig", ["steps", "6"]), ("fullgrad", []),
    ];

    /// <summary>Those of them that draw no samples of their own.</summary>
    public static IEnumerable<object[]> SmoothableCases => QuickCases.Where(c => !((string[])c[1]).Contains("samples"));

    public static IEnumerable<object[]> QuickCases => Quick.Select(q => new object[] { q.Method, q.Options });

    /// <summary>An input of given values, <c>[3,size,size]</c>.</summary>
    public static NetworkInput Input(int size, params float[] tensor) =>
        new("made up", new RgbImage(size, size, new byte[3 * size * size]), tensor, "");

    /// <summary>A sum of inputs: S_o = Σ_i w_oi·x_i + b_o on flattened input.</summary>
    public static Network Linear(int size, float[] weights, float[] bias) => Builder(size, weights, bias).Build("linear", Plain(size));

    /// <summary>S = relu(w·x + b) summed with a weight each, so that the network is not linear.</summary>
    public static Network Hidden(int size, float[] weights, float[] bias, float[] last) =>
        Builder(size, weights, bias).Then("relu", new ReLU())
            .Then("last", new Linear(bias.Length, 1, Bias: false), Weight.FromValues("last.weight", new Shape(1, bias.Length), last))
            .Build("hidden", Plain(size));

    public static AttributionResult Explain(Explainer explainer, NetworkInput input, string method, params string[] options) =>
        Explain(explainer, input, method, new ClassTarget(0), options);

    public static AttributionResult Explain(Explainer explainer, NetworkInput input, string method, Target target, params string[] options)
    {
        AttributionRequest request = Requests.Of(explainer, method, target, options) with { Input = input };
        return AttributionCatalog.All.Find(method).Explain(request);
    }

    public static AttributionResult Explain(Network network, IBackend backend, NetworkInput input, string method, params string[] options)
    {
        using var explainer = new Explainer(network, backend);
        return Explain(explainer, input, method, options);
    }

    /// <summary>A number that the method reports.</summary>
    public static double Fact(this AttributionResult result, string name) => (double)result.Facts.Single(f => f.Name == name).Value;

    private static NetworkBuilder Builder(int size, float[] weights, float[] bias) =>
        new NetworkBuilder(3).Then("flat", new Flatten()).Then(
        "linear",
        new Linear(3 * size * size, bias.Length),
        Weight.FromValues("linear.weight", new Shape(bias.Length, 3 * size * size), weights),
        Weight.FromValues("linear.bias", new Shape(bias.Length), bias));

    private static Preprocessing Plain(int size) => Preprocessing.ImageNet with { InputSize = size, ResizeShorterSide = size };
}
