using System.Collections.Immutable;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Baselines;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Tests.Support;

/// <summary>Made-up maps on small images.</summary>
internal static class EvidenceCases
{
    /// <summary>
    /// A network of two classes on a 2×2 image: z_0 = Σ over pixels of w·(red value), z_1 = 0, so that p_0 = σ(z_0).
    /// </summary>
    public static Network Linear(params ReadOnlySpan<float> red)
    {
        var weights = new float[24];
        red.CopyTo(weights);
        return new NetworkBuilder(3).Then("flat", new Flatten())
            .Then("fc", new Linear(12, 2, Bias: false), Weight.FromValues("fc.weight", new Shape(2, 12), weights))
            .Build("linear", new Preprocessing { InputSize = 2 });
    }

    /// <summary>The probability of the first of two classes whose logits are z and 0.</summary>
    public static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    /// <summary>A square image of the given red values, green and blue zero.</summary>
    public static NetworkInput Image(params ReadOnlySpan<float> red)
    {
        int side = (int)Math.Sqrt(red.Length);
        var tensor = new float[3 * red.Length];
        red.CopyTo(tensor);
        return new NetworkInput("image", new RgbImage(side, side, new byte[tensor.Length]), tensor, "");
    }

    /// <summary>A request to measure a map, <c>[H,W]</c>, as if a method had given it for class 0.</summary>
    public static EvidenceRequest Of(Explainer explainer, NetworkInput input, params float[] map)
    {
        AttributionMethod method = RandomMap.Pixels;
        var question = new AttributionRequest(explainer, input, new ClassTarget(0), method.Configure());
        return new EvidenceRequest(question, Answer(question, method, map));
    }

    /// <summary>A request to measure what a method says.</summary>
    public static EvidenceRequest Of(Explainer explainer, NetworkInput input, AttributionMethod method, Target target)
    {
        var question = new AttributionRequest(explainer, input, target, method.Configure());
        return new EvidenceRequest(question, method.Explain(question));
    }

    /// <summary>An answer of the given values.</summary>
    public static AttributionResult Answer(AttributionRequest question, AttributionMethod method, float[] map) => new(
        method, question.Target, question.Options, new Shape(1, question.Input.Image.Height, question.Input.Image.Width), map)
    {
        Score = 0,
        Logit = 0,
        Probability = 0,
        Work = default,
    };

    /// <summary>Measures a map that no network is asked about: it has one class score for an image of any size.</summary>
    public static EvidenceFinding Measure(EvidenceMetric metric, IBackend backend, float[] map, params ImmutableArray<PixelBox> boxes)
    {
        int side = (int)Math.Sqrt(map.Length);
        Network network = new NetworkBuilder(3).Then("pool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flat", new Flatten())
            .Build("means", new Preprocessing { InputSize = side });
        using var explainer = new Explainer(network, backend);
        return metric.Measure(Of(explainer, Image(new float[map.Length]), map) with { Boxes = boxes });
    }
}
