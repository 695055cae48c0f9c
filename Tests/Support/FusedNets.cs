using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;

namespace Interp.Tests.Support;

/// <summary>Small networks whose passes a backend may join: channels that only move, maps that are scaled by what was made of
/// them.</summary>
internal static class FusedNets
{
    /// <summary>EfficientNet's block: a map that only its mean and its product with a gate made of that read.</summary>
    public static Network Excited(ActivationFunction function)
    {
        var random = new Gaussian(61);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "stem", new Conv2d(3, 19, Window.Square(3, padding: 1)), random);
        b.Then("map", Activation.Of(function)).Then("squeeze", new AdaptiveAvgPool2d(Size2.Square(1)));
        TinyNets.Add(b, "fc1", new Conv2d(19, 5, Window.Square(1)), random).Then("fc1_act", Activation.Of(function));
        TinyNets.Add(b, "fc2", new Conv2d(5, 19, Window.Square(1)), random).Then("gate", Activation.Of(ActivationFunctions.Sigmoid));
        b.Add("scaled", new Multiply(), ["map", "gate"], []);
        TinyNets.Add(b, "point", new Conv2d(19, 6, Window.Square(1)), random);
        return Classify(b, 6, random, "excited");
    }

    /// <summary>ShuffleNet's units one behind the other: slices of shuffles of concatenations, one of them with a map twice.</summary>
    public static Network Shuffles()
    {
        var random = new Gaussian(62);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "stem", new Conv2d(3, 20, Window.Square(3, padding: 1)), random);
        b.Then("stem_relu", new ReLU());
        string from = "stem_relu";
        for (int unit = 0; unit < 4; unit++)
        {
            b.Add($"kept{unit}", new ChannelSlice(0, 10), [from], []);
            TinyNets.Add(b.Add($"passed{unit}", new ChannelSlice(10, 10), [from], []), $"conv{unit}",
                new Conv2d(10, 10, Window.Square(1)), random).Then($"relu{unit}", new ReLU());
            b.Add($"joined{unit}", new Concat(), [$"kept{unit}", $"relu{unit}"], []).Then(from = $"shuffled{unit}", new ChannelShuffle(2));
        }

        b.Add("both", new Concat(), ["relu3", from, "relu3", "stem_relu"], []).Add("part", new ChannelSlice(3, 50), ["both"], []);
        TinyNets.Add(b, "point", new Conv2d(50, 18, Window.Square(1)), random).Then("point_relu", new ReLU());
        b.Then("pool", new MaxPool2d(Window.Square(3, 2, 1)));
        return Classify(b, 18, random, "shuffles");
    }

    private static Network Classify(NetworkBuilder b, int channels, Gaussian random, string name)
    {
        b.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flat", new Flatten());
        return TinyNets.Add(b, "fc", new Linear(channels, 4), random).Build(name, new Preprocessing { InputSize = 14 });
    }
}
