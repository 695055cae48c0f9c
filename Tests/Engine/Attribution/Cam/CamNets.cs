using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Cam;

/// <summary>Networks so small that class activation maps on them can be worked out by hand.</summary>
internal static class CamNets
{
    /// <summary>
    /// Two 2×2 maps A = relu(x), flattened, and one linear layer: the gradient at the maps is its row of weights, whatever the image.
    /// Class 0 has the given gradients and bias; class 1 has their negatives and no bias.
    /// </summary>
    internal static Network Linear(float[] gradients, float bias = 0) => new NetworkBuilder(2)
        .Then("maps", new ReLU())
        .Then("flat", new Flatten())
        .Then(
            "fc",
            new Linear(8, 2),
            Weight.FromValues("w", new Shape(2, 8), [.. gradients, .. gradients.Select(g => -g)]),
            Weight.FromValues("b", new Shape(2), [bias, 0]))
        .Build("linear", new Preprocessing { InputSize = 2 });

    /// <summary>A convolution with a ReLU, global average pooling and one linear layer: the networks that CAM was made for.</summary>
    internal static Network GlobalPooling(int channels = 5, int classes = 3, int size = 6)
    {
        var random = new Gaussian(12);
        Weight Random(string name, params int[] shape) =>
            Weight.FromValues(name, new Shape(shape), random.Values(new Shape(shape).Count, 0.5));
        return new NetworkBuilder(3)
            .Then("conv", new Conv2d(3, channels, Window.Square(3, padding: 1)), Random("w", channels, 3, 3, 3), Random("b", channels))
            .Then("maps", new ReLU())
            .Then("average", new AdaptiveAvgPool2d(Size2.Square(1)))
            .Then("flat", new Flatten())
            .Then("fc", new Linear(channels, classes), Random("fw", classes, channels), Random("fb", classes))
            .Build("pooling", new Preprocessing { InputSize = size });
    }

    /// <summary>A request on a 2×2 image of two channels.</summary>
    internal static AttributionResult Explain(Explainer explainer, float[] x, string method, Target target, params string[] options)
    {
        AttributionMethod m = AttributionCatalog.All.Find(method);
        var input = new NetworkInput("made up", new RgbImage(2, 2, new byte[12]), x, "");
        return m.Explain(
            new AttributionRequest(explainer, input, target, m.Configure(options.Chunk(2).ToDictionary(o => o[0], o => o[1]))));
    }
}
