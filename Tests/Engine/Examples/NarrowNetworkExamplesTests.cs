using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Evidence;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Examples;

/// <summary>Units of networks of torchvision's families: where they look, and the images that excite them.</summary>
[TestClass]
public sealed class NarrowNetworkExamplesTests
{
    public static IEnumerable<object[]> Cases => TorchvisionGolden.Names.Select(n => new object[] { n });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void ReceptiveField_HoldsTheGradientOfANeuron(string name)
    {
        Network network = TorchvisionGolden.Load(name);
        (int height, int width) = TorchvisionGolden.SizeOf(name);
        using var backend = new ReferenceBackend();
        using Session session = backend.Open(network, new SessionOptions { Height = height, Width = width, Keep = network.Nodes });
        session.Forward(new Gaussian(5).Values(session.InputShape.Count));
        Node[] maps = [.. network.Nodes.Where(n => n.Id > 0 && session.ShapeOf(n).Rank == 4)];
        int smaller = 0;
        foreach (Node node in maps.Where((_, i) => i % Math.Max(1, maps.Length / 12) == 0))
        {
            Shape shape = session.ShapeOf(node);
            (int y, int x) = (shape[2] / 2, shape[3] / 2);
            var seed = new float[shape.Count];
            for (int c = 0; c < shape[1]; c++)
            {
                seed[(((c * shape[2]) + y) * shape[3]) + x] = 1 + c;
            }

            session.Backward(ReluRules.Vanilla, default, new Seed(node, seed));
            PixelBox box = ReceptiveField.Of(network, node, height, width).At(y, x);
            float[] gradient = session.InputGradient();
            smaller += box == new PixelBox(0, 0, width, height) ? 0 : 1;
            for (int i = 0; i < gradient.Length; i++)
            {
                (int row, int column) = (i % (height * width) / width, i % width);
                Assert.IsTrue(gradient[i] == 0 || box.Contains(column, row), $"{node.Name} sees {row},{column}, outside {box}");
            }
        }

        Assert.IsGreaterThan(0, smaller, "some field is smaller than the image");
    }

    [TestMethod]
    [DataRow("resnet18", "layer2.0.relu_1")]
    [DataRow("mobilenet_v3_small", "features.4")]
    public void UnitExamples_OfALayer_AreThoseOfTheWholeNetwork(string name, string layer)
    {
        const int Channel = 3, Count = 3;
        Network network = TorchvisionGolden.Load(name);
        Node node = network.Find(layer);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false, Batch = 3 });
        NetworkInput[] inputs = [
            .. Enumerable.Range(0, 8).Select(i => Requests.RandomInput(network.Preprocessing.InputSize, (ulong)i) with { Path = $"{i}" })];

        var unit = new UnitExamples(Channel, Count, ExampleRank.Max);
        var run = new LayerRun(explainer, node);
        (Shape shape, float[] values) = run.Activations(inputs, CancellationToken.None);
        for (int i = 0; i < inputs.Length; i++)
        {
            unit.Add(inputs[i].Path, null, values, shape, i);
        }

        int plane = shape[2] * shape[3];
        var largest = inputs.ToDictionary(
            i => i.Path,
            i => explainer.Forward(i, [node], CancellationToken.None).Activation(node).Skip(Channel * plane).Take(plane).Max());
        CollectionAssert.AreEqual(
            largest.OrderByDescending(p => p.Value).Take(Count).Select(p => p.Key).ToArray(),
            unit.Most.Best.Select(e => e.Image).ToArray());
        CollectionAssert.AreEqual(
            largest.OrderByDescending(p => p.Value).Take(Count).Select(p => p.Value).ToArray(),
            unit.Most.Best.Select(e => e.Value).ToArray());
        Assert.AreEqual(largest.Values.Average(v => (double)v), unit.Statistics.Mean, 1e-12, "float64 sums");
    }
}
