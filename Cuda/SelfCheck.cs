using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda;

/// <summary>
/// A small network with every kind of layer, forward and backward by each rule, on a device and in float64: whether the device can be
/// trusted is tried before
/// it is. Takes some milliseconds, and the driver's compilation of the kernels the first time.
/// </summary>
internal static class SelfCheck
{
    /// <summary>What a backend may be off by: float32 in another order of summation gives 1e-6 here.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>The largest relative L2 distance between what a backend and float64 arithmetic give, over logits and gradients of all
    /// rules; NaN counts as infinite.</summary>
    public static double Run(IBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        Network network = Build();
        var options = new SessionOptions { Batch = 2 };
        using Session session = backend.Open(network, options);
        using var exact = new ReferenceSession(network, options);
        float[] input = Numbers(new Rng(1), (int)session.InputShape.Count, 1);
        float[] seed = Numbers(new Rng(2), (int)session.ShapeOf(network.Output).Count, 1);
        exact.Forward(input);
        double[] logits = exact.ActivationExact(network.Output);
        ReluRule[] rules = [.. ReluRules.All, ReluRules.Redirected, ReluRules.Guided.WithSmooth];
        (ReluRule Rule, double[] Gradient)[] expected = [.. rules.Select(rule =>
        {
            exact.Backward(rule, default, new Seed(network.Output, seed));
            return (rule, exact.GradientExact(network.Input));
        })];
        double worst = 0;

        // Three times: queued, recorded, launched from the record.
        for (int run = 0; run < 3; run++)
        {
            session.Forward(input);
            worst = Math.Max(worst, Distance(session.Logits(), logits));
            foreach ((ReluRule rule, double[] gradient) in expected)
            {
                session.Backward(rule, default, new Seed(network.Output, seed));
                worst = Math.Max(worst, Distance(session.InputGradient(), gradient));
            }
        }

        return worst;
    }

    private static Network Build()
    {
        ulong stream = 0;
        return new NetworkBuilder(3)
            .Then("conv1", new Conv2d(3, 32, Window.Square(3, padding: 1)), Weights(32, 3, 3, 3), Weights(32))
            .Then("relu1", new ReLU())
            .Then("pool1", new MaxPool2d(Window.Square(2, 2)))
            .Then("conv2", new Conv2d(32, 8, Window.Square(3, 2, 1), Groups: 2), Weights(8, 16, 3, 3), Weights(8))
            .Then("relu2", new ReLU())
            .Add("side", new Conv2d(32, 8, Window.Square(1, 2)), ["pool1"], [Weights(8, 32, 1, 1), Weights(8)])
            .Add("sum", new Add(), ["relu2", "side"], [])
            .Add("both", new Concat(), ["sum", "relu2"], [])
            .Then("relu3", new ReLU())
            .Then("smooth", Activation.Of(ActivationFunctions.SiLU))
            .Then("squeeze", new AdaptiveAvgPool2d(Size2.Square(1)))
            .Then("gate", Activation.Of(ActivationFunctions.Sigmoid))
            .Add("excited", new Multiply(), ["smooth", "gate"], [])
            .Then("norm", new LayerNorm(16, 1e-5), Weights(16), Weights(16))
            .Then("scaled", new ChannelAffine(16), Weights(16), Weights(16))
            .Then("shuffled", new ChannelShuffle(4))
            .Then("sliced", new ChannelSlice(3, 12))
            .Then("mean", new AvgPool2d(Window.Square(3, padding: 1)))
            .Then("pool2", new AdaptiveAvgPool2d(Size2.Square(2)))
            .Then("flat", new Flatten())
            .Then("full1", new Linear(48, 16), Weights(16, 48), Weights(16))
            .Then("relu4", new ReLU())
            .Then("full2", new Linear(16, 5), Weights(5, 16), Weights(5))
            .Then("softmax", new Softmax())
            .Build("self-check", new Preprocessing { InputSize = 18 });

        Weight Weights(params int[] sizes)
        {
            var shape = new Shape(sizes);
            float scale = sizes.Length == 1 ? 0.1f : MathF.Sqrt(2f / shape.WithBatch(1).Count);
            return Weight.FromValues("w", shape, Numbers(new Rng(3, stream++), (int)shape.Count, scale));
        }
    }

    private static float[] Numbers(Rng rng, int count, float scale) =>
        [.. Enumerable.Range(0, count).Select(i => scale * (float)rng.Gaussian((ulong)i))];

    private static double Distance(float[] found, double[] expected)
    {
        double difference = 0, norm = 0;
        for (int i = 0; i < found.Length; i++)
        {
            difference += (found[i] - expected[i]) * (found[i] - expected[i]);
            norm += expected[i] * expected[i];
        }

        double distance = Math.Sqrt(difference / norm);
        return double.IsNaN(distance) ? double.PositiveInfinity : distance;
    }
}
