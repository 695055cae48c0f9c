using Interp.Engine.Backends;
using Interp.Engine.Evidence;
using Interp.Engine.Examples;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Examples;

[TestClass]
public sealed class ReceptiveFieldTests
{
    [TestMethod]
    [DataRow("features.0", 3, 1, -1)]
    [DataRow("features.1", 3, 1, -1)]
    [DataRow("features.2", 5, 1, -2)]
    [DataRow("features.4", 6, 2, -2)]
    [DataRow("features.7", 14, 2, -6)]
    [DataRow("features.14", 40, 4, -18)]
    [DataRow("features.21", 92, 8, -42)]
    [DataRow("features.28", 196, 16, -90)]
    [DataRow("features.30", 212, 32, -90)]
    public void Of_LayersOfVgg16_AreThoseOfTheFormula(string layer, int size, int stride, int offset)
    {
        Network vgg = Vgg16();

        ReceptiveField field = ReceptiveField.Of(vgg, vgg.Find(layer), 224, 224);

        Assert.AreEqual((size, size), field.Size);
        Assert.AreEqual((stride, stride), field.Stride);
        Assert.AreEqual((offset, offset), field.Offset);
    }

    [TestMethod]
    public void At_Vgg16_IsCutOffAtTheBorder()
    {
        Network vgg = Vgg16();
        ReceptiveField field = ReceptiveField.Of(vgg, vgg.Find("features.28"), 224, 224);

        Assert.AreEqual(new PixelBox(0, 0, 106, 106), field.At(0, 0));
        Assert.AreEqual(new PixelBox(22, 6, 218, 202), field.At(6, 7));
        Assert.AreEqual(new PixelBox(118, 118, 224, 224), field.At(13, 13));
    }

    [TestMethod]
    public void Of_LayerWithoutMap_SeesEverything()
    {
        Network vgg = Vgg16();

        ReceptiveField field = ReceptiveField.Of(vgg, vgg.Output, 224, 224);

        Assert.AreEqual((404, 404), field.Size, "7 positions of 212 pixels, 32 apart");
        Assert.IsNull(field.Stride);
        Assert.AreEqual(new PixelBox(0, 0, 224, 224), field.At(0, 0));
    }

    [TestMethod]
    public void At_PixelsOutside_NeverChangeAnActivation()
    {
        foreach (Network network in (Network[])[TinyNets.Diamond(), Uneven(), .. LayerNets.Blocks.Values.Select(b => b())])
        {
            int size = network.Preprocessing.InputSize;
            ReceptiveField[] fields = [.. network.Nodes.Select(n => ReceptiveField.Of(network, n, size, size))];
            int inside = 0;
            ForEachChange(network, (node, y, x, pixelY, pixelX) =>
            {
                Assert.IsTrue(fields[node.Id].At(y, x).Contains(pixelX, pixelY),
                    $"{network.Name} {node.Name} at {y},{x} sees {pixelY},{pixelX}, outside {fields[node.Id].At(y, x)}");
                inside++;
            });
            Assert.IsGreaterThan(size * size, inside, "nothing was perturbed");
        }
    }

    [TestMethod]
    public void At_BehindAGate_IsTheWholeImage()
    {
        Network network = LayerNets.SqueezeExcite(ActivationFunctions.SiLU, ActivationFunctions.Sigmoid);

        ReceptiveField field = ReceptiveField.Of(network, network.Find("sum"), 14, 14);

        Assert.AreEqual(new PixelBox(0, 0, 14, 14), field.At(3, 5));
        Assert.AreEqual((14, 14), field.Size);
        Assert.IsNull(field.Stride);
        Assert.AreEqual((11, 11), ReceptiveField.Of(network, network.Find("map"), 14, 14).Size, "3 and 5 taps, two pixels apart");
    }

    [TestMethod]
    public void At_WithoutReluAndMaximum_EveryEdgeOfTheFieldIsSeen()
    {
        Network network = Uneven();
        int size = network.Preprocessing.InputSize;
        var seen = new Dictionary<(Node, int, int), PixelBox>();
        ForEachChange(network, (node, y, x, py, px) =>
        {
            PixelBox b = seen.GetValueOrDefault((node, y, x), new PixelBox(px, py, px + 1, py + 1));
            seen[(node, y, x)] = new PixelBox(
                Math.Min(b.Left, px), Math.Min(b.Top, py), Math.Max(b.Right, px + 1), Math.Max(b.Bottom, py + 1));
        });

        foreach (((Node node, int y, int x), PixelBox box) in seen)
        {
            Assert.AreEqual(ReceptiveField.Of(network, node, size, size).At(y, x), box, $"{node.Name} at {y},{x}");
        }
    }

    /// <summary>Calls back for each position of each node that changes when a pixel does; in float64, with direct sums, so that no tile
    /// mixes in a neighbour.</summary>
    private static void ForEachChange(Network network, Action<Node, int, int, int, int> changed)
    {
        int size = network.Preprocessing.InputSize;
        using var backend = new ReferenceBackend();
        using Session session = backend.Open(network, new SessionOptions { Backward = false, Keep = [.. network.Nodes] });
        float[] input = Requests.RandomInput(size, 4).Tensor;
        session.Forward(input);
        float[][] before = [.. network.Nodes.Select(session.Activation)];
        for (int pixel = 0; pixel < size * size; pixel++)
        {
            float[] other = [.. input];
            for (int c = 0; c < 3; c++)
            {
                other[(c * size * size) + pixel] += 3;
            }

            session.Forward(other);
            foreach (Node node in network.Nodes)
            {
                Shape shape = session.ShapeOf(node);
                (int plane, int width) = shape.Rank == 4 ? (shape[2] * shape[3], shape[3]) : (1, 1);
                float[] after = session.Activation(node);
                foreach (int at in Enumerable.Range(0, after.Length).Where(i => after[i] != before[node.Id][i]).Select(i => i % plane)
                    .Distinct())
                {
                    changed(node, at / width, at % width, pixel / size, pixel % size);
                }
            }
        }
    }

    /// <summary>Strides that leave pixels out, dilation, padding behind them, an average whose parts overlap, and a branch.</summary>
    private static Network Uneven()
    {
        var random = new Gaussian(8);
        NetworkBuilder b = new NetworkBuilder(3);
        Conv("stride", 3, Window.Square(3, stride: 3));
        Conv("dilated", 4, Window.Square(2, padding: 1, dilation: 2));
        string left = b.Last;
        Conv("right", 4, Window.Square(1));
        b.Add("sum", new Add(), [left, b.Last], []);
        b.Then("average", new AdaptiveAvgPool2d(new Size2(3, 2)));
        Conv("behind", 4, Window.Square(2, padding: 1));
        return b.Then("flat", new Flatten()).Build("uneven", new Preprocessing { InputSize = 14 });

        void Conv(string name, int channels, Window window)
        {
            var conv = new Conv2d(channels, 4, window, Bias: false);
            b.Then(name, conv, Weight.FromValues(name, conv.Parameters[0], random.Values(conv.Parameters[0].Count, 1)));
        }
    }

    /// <summary>VGG16's layers with one channel each.</summary>
    private static Network Vgg16()
    {
        var builder = new NetworkBuilder(3);
        int index = 0, channels = 3;
        foreach (int convolutions in (int[])[2, 2, 3, 3, 3])
        {
            for (int i = 0; i < convolutions; i++)
            {
                var conv = new Conv2d(channels, 1, Window.Square(3, padding: 1), Bias: false);
                builder.Then($"features.{index++}", conv, Weight.FromValues("w", conv.Parameters[0], new float[conv.Parameters[0].Count]))
                    .Then($"features.{index++}", new ReLU());
                channels = 1;
            }

            builder.Then($"features.{index++}", new MaxPool2d(Window.Square(2, stride: 2)));
        }

        return builder.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(7))).Then("flat", new Flatten()).Build(
            "vgg16", Preprocessing.ImageNet);
    }
}
