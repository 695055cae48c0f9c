using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Units;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization;

/// <summary>Feature visualisation of networks of torchvision's families.</summary>
[TestClass]
public sealed class NarrowNetworkVisualizationTests
{
    public static IEnumerable<object[]> Cases => TorchvisionGolden.Families.Select(n => new object[] { n });

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
        var options = new VisualizationOptions { Steps = 8 };
        foreach (Objective objective in (Objective[])
            [new ChannelObjective(middle, 0), new ChannelObjective(last, 1), new NeuronObjective(middle, 1), new LogitObjective(network, 2)])
        {
            VisualizationResult result = visualizer.Run(objective, options);

            Assert.IsTrue(result.Images.All(v => v is >= 0 and <= 1), $"{objective.Name}: finite, and colours");
            Assert.IsTrue(result.Curve.All(p => p.Objective.All(double.IsFinite)), $"{objective.Name}: finite");
            Assert.IsGreaterThan(visualizer.Measure(objective, result.Canvas, result.Start)[0],
                visualizer.Measure(objective, result.Canvas, result.Images)[0], objective.Name);
        }
    }
}
