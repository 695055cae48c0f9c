using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Tests.Support;

/// <summary>
/// Small VGG-shaped networks with any number of outputs and any output activation, whose last weights are positive, so that no
/// map is empty.
/// </summary>
internal static class OutputNets
{
    /// <summary>Side of their input.</summary>
    public const int Size = 32;

    /// <summary>Two convolutions with ReLUs and pools and one linear layer.</summary>
    /// <param name="outputs">Number of logits.</param>
    /// <param name="activation">How they become probabilities; null for what a model has that does not say.</param>
    /// <param name="scale">What the last weights are multiplied by: 0 for logits that nothing changes.</param>
    /// <param name="bias">Of every logit.</param>
    public static Network Of(int outputs, OutputActivation? activation = null, float scale = 1, float bias = -1)
    {
        var random = new Gaussian(40);
        float[] last = [.. random.Values(32 * outputs, 0.08).Select(w => scale * MathF.Abs(w))];
        float[] biases = [.. Enumerable.Repeat(bias, outputs)];
        return new NetworkBuilder(3)
            .Then("conv1", new Conv2d(3, 6, Window.Square(3, padding: 1)), Random("w1", 0.27, 6, 3, 3, 3), Random("b1", 0.1, 6))
            .Then("relu1", new ReLU())
            .Then("pool1", new MaxPool2d(Window.Square(2, stride: 2)))
            .Then("conv2", new Conv2d(6, 8, Window.Square(3, padding: 1)), Random("w2", 0.19, 8, 6, 3, 3), Random("b2", 0.1, 8))
            .Then("relu2", new ReLU())
            .Then("pool2", new MaxPool2d(Window.Square(2, stride: 2)))
            .Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(2)))
            .Then("flat", new Flatten())
            .Then("fc", new Linear(32, outputs), Weight.FromValues("w", new Shape(outputs, 32), last),
                Weight.FromValues("b", new Shape(outputs), biases))
            .Build($"{outputs} outputs", Preprocessing.ImageNet with { InputSize = Size, ResizeShorterSide = Size }, output: activation);

        Weight Random(string name, double deviation, params int[] sizes)
        {
            var shape = new Shape(sizes);
            return Weight.FromValues(name, shape, random.Values(shape.Count, deviation));
        }
    }
}
