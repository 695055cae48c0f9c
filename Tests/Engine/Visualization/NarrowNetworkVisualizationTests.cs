using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Units;
using Interp.Engine.Visualization.Optimizers;
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
        Node[] middle = [.. maps[(maps.Length / 2)..]], last = [.. maps.Reverse()];
        RgbImage photo = Resampling.ResizeAndCrop(ImageFile.Read(Repository.PathOf("Cli", "photos", "chelsea.png")), size, size);
        // From a photo: on grey, whole layers of a network with random weights may be silent. Small steps: such networks have sharp bends,
        // over which larger ones jump. Of a fixed size: some units hardly depend on the image, and Adam takes gradients near its 1e-8 for
        // none.
        var options = new VisualizationOptions
        {
            From = photo, Steps = 8, Rate = 2e-4, Optimizer = OptimizerCatalog.All.Find("sign"), Transforms = TransformChain.None,
        };
        foreach (Objective objective in (Objective[])
        [
            Alive(middle, (n, c) => new ChannelObjective(n, c)), Alive(last, (n, c) => new ChannelObjective(n, c)),
            Alive(middle, (n, c) => new NeuronObjective(n, c)), new LogitObjective(network, 2),
        ])
        {
            VisualizationResult result = visualizer.Run(objective, options);

            Assert.IsTrue(result.Images.All(v => v is >= 0 and <= 1), $"{objective.Name}: finite, and colours");
            Assert.IsTrue(result.Curve.All(p => p.Objective.All(double.IsFinite)), $"{objective.Name}: finite");
            Assert.IsGreaterThan(visualizer.Measure(objective, result.Canvas, result.Start)[0],
                visualizer.Measure(objective, result.Canvas, result.Images)[0], objective.Name);
        }

        // The first unit that depends on the image where the climb starts: with random weights some do not.
        Objective Alive(Node[] nodes, Func<Node, int, Objective> unit) => nodes
            .SelectMany(n => Enumerable.Range(0, shapes[n.Id][1]).Select(c => unit(n, c)))
            .First(o => visualizer.Run(o, options with { Steps = 1, RedirectedSteps = 0 }) is { } r && !r.Images.SequenceEqual(r.Start));
    }
}
