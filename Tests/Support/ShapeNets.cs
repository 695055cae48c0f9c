using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;

namespace Interp.Tests.Support;

/// <summary>Small networks that are no classifiers of square RGB images: of grey, oblong or tiny images, and without classes.</summary>
internal static class ShapeNets
{
    /// <summary>Grey images of 28×28, as of handwritten digits: two convolutions with pools, two linear layers.</summary>
    public static Network Grey(int size = 28) => Classify(1, size, size, "grey");

    /// <summary>RGB images of 33×30, with strides that fit neither side evenly.</summary>
    public static Network Oblong() => Classify(3, 33, 30, "oblong");

    /// <summary>RGB images of a few pixels.</summary>
    public static Network Small(int size = 16) => Classify(3, size, size, "small");

    /// <summary>RGB images of one pixel.</summary>
    public static Network Pixel()
    {
        var random = new Gaussian(54);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "conv2", new Conv2d(3, 4, Window.Square(1)), random);
        b.Then("relu2", new ReLU()).Then("flat", new Flatten());
        return TinyNets.Add(b, "fc", new Linear(4, 5), random).Build("pixel", Units(3, 1, 1));
    }

    /// <summary>Maps [N,7,16,16] of RGB images of 16×16: a classless network with a sum in it.</summary>
    public static Network Maps()
    {
        var random = new Gaussian(52);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "conv1", new Conv2d(3, 9, Window.Square(3, padding: 1)), random);
        b.Then("relu1", new ReLU());
        TinyNets.Add(b, "conv2", new Conv2d(9, 9, Window.Square(3, padding: 1)), random).Add("sum", new Add(), ["conv2", "relu1"], []);
        b.Then("relu2", new ReLU());
        TinyNets.Add(b, "head", new Conv2d(9, 7, Window.Square(1)), random).Then("out", Activation.Of(ActivationFunctions.Sigmoid));
        return b.BuildWithoutClasses("maps", Units(3, 16, 16));
    }

    /// <summary>An embedding of five features of RGB images of 16×16, with a pool over each map.</summary>
    public static Network Embedding()
    {
        var random = new Gaussian(53);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "conv", new Conv2d(3, 6, Window.Square(3, padding: 1)), random);
        b.Then("relu", new ReLU()).Then("pool", new AdaptiveAvgPool2d(Size2.Square(2))).Then("flat", new Flatten());
        return TinyNets.Add(b, "fc", new Linear(24, 5), random).BuildWithoutClasses("embedding", Units(3, 16, 16));
    }

    private static Network Classify(int channels, int height, int width, string name)
    {
        var random = new Gaussian(51);
        NetworkBuilder b = TinyNets.Add(
            new NetworkBuilder(channels), "conv1", new Conv2d(channels, 6, Window.Square(3, padding: 1)), random);
        b.Then("relu1", new ReLU()).Then("pool1", new MaxPool2d(Window.Square(2, stride: 2)));
        TinyNets.Add(b, "conv2", new Conv2d(6, 10, Window.Square(3, padding: 1)), random);
        b.Then("relu2", new ReLU()).Then("pool2", new MaxPool2d(Window.Square(2, stride: 2))).Then("flat", new Flatten());
        TinyNets.Add(b, "fc1", new Linear(10 * (height / 4) * (width / 4), 16), random).Then("relu3", new ReLU());
        return TinyNets.Add(b, "fc2", new Linear(16, 10), random).Build(name, Units(channels, height, width));
    }

    private static Preprocessing Units(int channels, int height, int width)
    {
        Preprocessing sized = Preprocessing.ImageNet.WithInputSize(height, width) with { ResizeShorterSide = Math.Max(height, width) };
        return channels == 1 ? sized with { Mean = [0.1307f], Deviation = [0.3081f] } : sized;
    }
}
