using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Benchmarks;

/// <summary>
/// Networks with random weights: uniform with the variance 2/fan-in of K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers"
/// (ICCV 2015), so
/// that activations keep their size from layer to layer.
/// </summary>
internal static class Networks
{
    private const int Pool = 0;

    private static readonly int[] s_vgg16 = [64, 64, Pool, 128, 128, Pool, 256, 256, 256, Pool, 512, 512, 512, Pool, 512, 512, 512, Pool];
    private static readonly int[] s_vgg19 =
        [64, 64, Pool, 128, 128, Pool, 256, 256, 256, 256, Pool, 512, 512, 512, 512, Pool, 512, 512, 512, 512, Pool];

    /// <summary>torchvision's VGG16 or VGG19, by its depth, layer by layer, for 224×224 pixels and 1000 classes.</summary>
    public static Network Vgg(int depth)
    {
        var builder = new NetworkBuilder(3);
        int channels = 3, index = 0;
        foreach (int width in depth == 16 ? s_vgg16 : s_vgg19)
        {
            if (width == Pool)
            {
                builder.Then($"features.{index++}", new MaxPool2d(Window.Square(2, stride: 2)));
                continue;
            }

            Add(builder, $"features.{index++}", new Conv2d(channels, width, Window.Square(3, padding: 1)));
            builder.Then($"features.{index++}", new ReLU());
            channels = width;
        }

        builder.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(7))).Then("flatten", new Flatten());
        Add(builder, "classifier.0", new Linear(channels * 7 * 7, 4096)).Then("classifier.1", new ReLU()).Then(
            "classifier.2", new Dropout());
        Add(builder, "classifier.3", new Linear(4096, 4096)).Then("classifier.4", new ReLU()).Then("classifier.5", new Dropout());
        return Add(builder, "classifier.6", new Linear(4096, 1000)).Build($"VGG{depth}", Preprocessing.ImageNet);
    }

    /// <summary>One convolution, flattened since a network ends in a row of numbers.</summary>
    public static Network Single(Conv2d conv, int size) => Add(new NetworkBuilder(conv.InChannels), "conv", conv)
        .Then("flatten", new Flatten()).Build("single", new Preprocessing { InputSize = size });

    /// <summary>One linear layer.</summary>
    public static Network Single(Linear linear) =>
        Add(new NetworkBuilder(linear.InFeatures).Then("flatten", new Flatten()), "linear", linear)
        .Build("single", new Preprocessing { InputSize = 1 });

    /// <summary>Random values with variance 1, as an input or a gradient.</summary>
    public static float[] Values(long count, ulong stream) => Uniform(count, Math.Sqrt(3), stream);

    private static NetworkBuilder Add(NetworkBuilder builder, string name, Layer layer) =>
        builder.Then(name, layer, Weights(name, layer));

    /// <summary>Random parameters of a layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="gain">How much larger the variance of its outputs is than that of its inputs: 2 makes up for ReLUs.</param>
    public static Weight[] Weights(string name, Layer layer, double gain = 2) => [.. layer.Parameters.Select((shape, i) =>
    {
        double bound = i == 0 ? Math.Sqrt(3 * gain * shape[0] / shape.Count) : 0.05;
        return Weight.FromValues($"{name}.{(i == 0 ? "weight" : "bias")}", shape, Uniform(shape.Count, bound, (ulong)shape.Count));
    })];

    private static float[] Uniform(long count, double bound, ulong stream)
    {
        var rng = new Rng(1, stream);
        var values = new float[count];
        Parallel.For(0, (int)((count + 65535) / 65536), chunk =>
        {
            for (long i = chunk * 65536L; i < Math.Min(count, (chunk + 1) * 65536L); i++)
            {
                values[i] = (float)(bound * (2 * rng.Uniform((ulong)i) - 1));
            }
        });
        return values;
    }
}
