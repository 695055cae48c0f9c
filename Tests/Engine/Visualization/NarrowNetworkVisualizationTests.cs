using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Units;
using Interp.Engine.Visualization.Transforms;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization;

/// <summary>Feature visualisation of networks of torchvision's families.</summary>
[TestClass]
public sealed class NarrowNetworkVisualizationTests
{
    public static IEnumerable<object[]> Cases => TorchvisionGolden.Names.Select(n => new object[] { n });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Run_ChannelNeuronAndLogit_Grow(string name)
    {
        Network network = TorchvisionGolden.Load(name);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var visualizer = new Visualizer(network, backend);
        int size = network.Preprocessing.InputSize;
        Shape[] shapes = [.. network.Shapes(1, size, size)];
        Node[] maps = [.. network.Nodes.Skip(1).Where(n => shapes[n.Id] is { Rank: 4 } s && s[2] * s[3] > 1)];
        Node middle = maps[maps.Length / 2], last = maps[^1];
        var options = new VisualizationOptions { Steps = 16, Transforms = TransformChain.None };
        foreach (Objective objective in (Objective[])
        [
            new ChannelObjective(middle, Liveliest(visualizer, middle)), new ChannelObjective(last, Liveliest(visualizer, last)),
            new NeuronObjective(middle, Liveliest(visualizer, middle)), new LogitObjective(network, 2),
        ])
        {
            VisualizationResult result = visualizer.Run(objective, options);

            Assert.IsTrue(result.Images.All(v => v is >= 0 and <= 1), $"{objective.Name}: finite, and colours");
            Assert.IsTrue(result.Curve.All(p => p.Objective.All(double.IsFinite)), $"{objective.Name}: finite");
            Assert.IsGreaterThan(visualizer.Measure(objective, result.Canvas, result.Start)[0],
                visualizer.Measure(objective, result.Canvas, result.Images)[0], objective.Name);
        }
    }

    /// <summary>The channel whose value at the centre of the map differs most from one random image to another: with random weights some
    /// never change.</summary>
    private static int Liveliest(Visualizer visualizer, Node node)
    {
        int size = visualizer.Network.Preprocessing.InputSize;
        float[][] values = [.. Enumerable.Range(0, 2).Select(i => Centre((ulong)i))];
        float[] change = [.. values[0].Zip(values[1], (a, b) => Math.Abs(a - b))];
        return Array.IndexOf(change, change.Max());

        float[] Centre(ulong seed)
        {
            var rng = new Rng(seed);
            float[] image = [.. Enumerable.Range(0, 3 * size * size).Select(i => (float)rng.Uniform((ulong)i))];
            (Shape shape, float[] map) = visualizer.Activation(node, new Canvas(1, size, size), image);
            int plane = shape[2] * shape[3];
            return [.. Enumerable.Range(0, shape[1]).Select(c => map[(c * plane) + (shape[2] / 2 * shape[3]) + (shape[3] / 2)])];
        }
    }
}
