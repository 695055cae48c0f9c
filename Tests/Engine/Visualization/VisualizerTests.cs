using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Units;
using Interp.Engine.Visualization.Optimizers;
using Interp.Engine.Visualization.Parametrizations;
using Interp.Engine.Visualization.Transforms;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization;

[TestClass]
public sealed class VisualizerTests
{
    private static readonly Network s_network = TinyNets.Vgg();

    private static VisualizationOptions Options => new() { Steps = 12, Transforms = TransformChain.Parse("pad:2,jitter:3,scale:0.9..1.1") };

    [TestMethod]
    [DataRow("fft")]
    [DataRow("pixel")]
    [DataRow("pyramid")]
    public void Run_AnyParametrization_RaisesTheUnit(string name)
    {
        using var backend = new CpuBackend();
        using var visualizer = new Visualizer(s_network, backend);
        Objective unit = Unit("conv2_1", 3);

        VisualizationResult result = visualizer.Run(
            unit, Options with { Parametrization = ParametrizationCatalog.All.Find(name), Steps = 40 });

        Assert.AreEqual(StopReason.Steps, result.Stopped);
        Assert.HasCount(40, result.Curve);
        Assert.IsTrue(result.Images.All(v => v is >= 0 and <= 1));
        Assert.IsGreaterThan(visualizer.Measure(unit, result.Canvas, result.Start)[0],
            visualizer.Measure(unit, result.Canvas, result.Images)[0]);
    }

    [TestMethod]
    [DataRow("adam")]
    [DataRow("sgd")]
    [DataRow("sign")]
    public void Run_NegativeObjective_LowersTheUnit(string optimizer)
    {
        using var backend = new CpuBackend();
        using var visualizer = new Visualizer(s_network, backend);
        Objective unit = Unit("conv1_0", 5);

        VisualizationResult result = visualizer.Run(-unit, Options with { Optimizer = OptimizerCatalog.All.Find(optimizer) });

        Assert.IsLessThan(visualizer.Measure(unit, result.Canvas, result.Start)[0],
            visualizer.Measure(unit, result.Canvas, result.Images)[0]);
    }

    [TestMethod]
    public void Run_FirstStep_FollowsTheFloat64Gradient()
    {
        // One step of sign ascent on pixels moves every parameter by the rate in the direction of its gradient: the reference network's
        // gradient, through the colours and
        // the network's units, must have that sign wherever it is not nearly zero.
        using var backend = new CpuBackend();
        using var reference = new ReferenceBackend();
        VisualizationOptions options = Options with
        {
            Steps = 1, Transforms = TransformChain.None, Optimizer = OptimizerCatalog.All.Find("sign"), Rate = 0.01,
                Parametrization = ParametrizationCatalog.All.Find("pixel"),
        };
        float[] Image(Interp.Engine.Backends.IBackend on)
        {
            using var visualizer = new Visualizer(s_network, on);
            return visualizer.Run(Unit("conv2_1", 1), options).Images;
        }

        float[] actual = Image(backend), expected = Image(reference);
        int same = actual.Zip(expected).Count(p => Math.Abs(p.First - p.Second) < 1e-5);
        Assert.IsGreaterThan(0.99 * actual.Length, same, "all but values whose gradient is rounding error");
    }

    [TestMethod]
    public void Run_NetworkOfBlueGreenRed_GivesTheImageOfTheSameNetworkOfRedGreenBlue()
    {
        // The same function of an image: the first filters and the units are turned as the channels are. One step of sign ascent moves
        // every value by the same, so that only those whose gradient is rounding error can differ.
        using var backend = new CpuBackend();
        VisualizationOptions options = Options with
        {
            Steps = 1, Transforms = TransformChain.None, Optimizer = OptimizerCatalog.All.Find("sign"), Rate = 0.01,
            Parametrization = ParametrizationCatalog.All.Find("pixel"),
        };
        (float[] Images, double Value) Result(Network network)
        {
            using var visualizer = new Visualizer(network, backend);
            var unit = new ChannelObjective(network.Find("conv2_1"), 1);
            VisualizationResult result = visualizer.Run(unit, options);
            return (result.Images, visualizer.Measure(unit, result.Canvas, result.Start)[0]);
        }

        (float[] expected, double value) = Result(s_network);
        (float[] actual, double same) = Result(Turned(s_network));

        Assert.AreEqual(value, same, 1e-5 * Math.Abs(value), "float32 sums in another order");
        Assert.IsGreaterThan(0.99 * actual.Length, actual.Zip(expected).Count(p => Math.Abs(p.First - p.Second) < 1e-5));
    }

    [TestMethod]
    public void Run_TheSameOptions_GiveTheSameBitsAtAnyNumberOfThreads()
    {
        float[] Images(int threads)
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = threads });
            using var visualizer = new Visualizer(s_network, backend);
            return visualizer.Run(Unit("conv2_1", 3), Options with { Count = 2, Octaves = 2, BlurEvery = 5 }).Images;
        }

        TensorAssert.SameBits(Images(1), Images(1), "twice");
        TensorAssert.SameBits(Images(1), Images(3), "three threads");
    }

    [TestMethod]
    public void Run_Cancelled_KeepsTheImagesSoFar()
    {
        using var backend = new CpuBackend();
        using var visualizer = new Visualizer(s_network, backend);
        using var cancel = new CancellationTokenSource();

        VisualizationResult result = visualizer.Run(Unit("conv2_1", 3), Options, (point, _, _) => Stop(point.Index), cancel.Token);

        Assert.AreEqual(StopReason.Cancelled, result.Stopped);
        Assert.HasCount(5, result.Curve);
        CollectionAssert.AreNotEqual(result.Start, result.Images);

        void Stop(int step)
        {
            if (step == 4)
            {
                cancel.Cancel();
            }
        }
    }

    [TestMethod]
    public void Run_UntilProbability_StopsAtTheFirstLookThatFindsIt()
    {
        using var backend = new CpuBackend();
        using var visualizer = new Visualizer(s_network, backend);
        var grey = new RgbImage(32, 32, [.. Enumerable.Repeat((byte)128, 32 * 32 * 3)]);
        int likely = visualizer.Check.Facts(grey, 1, null, null).Top[0].Class;
        double wanted = visualizer.Check.Probability(grey, likely) / 2; // Reached at once: commands' tests climb to theirs.
        VisualizationOptions options = Options with { Class = likely, UntilProbability = wanted, CheckEvery = 4, FromGrey = true };

        VisualizationResult result = visualizer.Run(new LogProbabilityObjective(s_network, likely), options);

        Assert.AreEqual(StopReason.Probability, result.Stopped);
        Assert.HasCount(4, result.Curve, "at the first look");
        Assert.IsGreaterThanOrEqualTo(wanted, visualizer.Check.Probability(result.Image(0), likely));
    }

    [TestMethod]
    public void Run_WithPatience_StopsWhenNothingGrows()
    {
        using var backend = new CpuBackend();
        using var visualizer = new Visualizer(s_network, backend);

        VisualizationResult result = visualizer.Run(0.0 * Unit("conv2_1", 3), Options with { Steps = 50, Patience = 5 });

        Assert.AreEqual(StopReason.Patience, result.Stopped);
        Assert.HasCount(10, result.Curve);
    }

    [TestMethod]
    public void Run_DeadUnitBehindReLU_WakesOnlyWithRedirectedSteps()
    {
        // From grey the last ReLU's channel gives 0 everywhere, so the true gradient is zero.
        using var backend = new CpuBackend();
        using var visualizer = new Visualizer(s_network, backend);
        VisualizationOptions options = Options with { FromGrey = true, Transforms = TransformChain.None, Steps = 30 };
        Node layer = s_network.Find("relu2_1");
        var grey = new float[3 * 32 * 32];
        Array.Fill(grey, 0.5f);
        float[] activation = visualizer.Activation(layer, new Canvas(1, 32, 32), grey).Values;
        int plane = activation.Length / 24;
        int dead = Enumerable.Range(0, 24).First(k => activation.AsSpan(k * plane, plane).IndexOfAnyExcept(0f) < 0);
        Objective unit = new ChannelObjective(layer, dead);

        Assert.AreEqual(0, visualizer.Run(unit, options with { RedirectedSteps = 0 }).Curve[^1].Objective[0]);
        Assert.IsGreaterThan(0, visualizer.Run(unit, options).Curve[^1].Objective[0]);
    }

    [TestMethod]
    public void Run_FromImage_StartsThere()
    {
        using var backend = new CpuBackend();
        using var visualizer = new Visualizer(s_network, backend);
        var photo = new RgbImage(40, 32, [.. Enumerable.Range(0, 40 * 32 * 3).Select(i => (byte)(40 + (i % 170)))]);

        VisualizationResult result = visualizer.Run(Unit("conv2_1", 3), Options with { From = photo, Steps = 4, Octaves = 2 });

        Assert.AreEqual((32, 40), (result.Canvas.Height, result.Canvas.Width));
        Assert.HasCount(4, result.Curve);
        Assert.HasCount(result.Canvas.Length, result.Start);
    }

    [TestMethod]
    public void Run_GradientClip_BoundsASgdStep()
    {
        using var backend = new CpuBackend();
        using var visualizer = new Visualizer(s_network, backend);
        VisualizationOptions options =
            Options with { Steps = 1, GradientClip = 1e-30, FromGrey = true, Parametrization = ParametrizationCatalog.All.Find("pixel") };

        // Adam divides a gradient by its own size plus 1e-8, so that one of length 1e-30 moves nothing.
        Assert.IsTrue(visualizer.Run(Unit("conv2_1", 3), options).Images.All(v => v == 0.5f));
    }

    [TestMethod]
    public void Facts_OfAImage_AreThoseOfThePrediction()
    {
        using var backend = new CpuBackend();
        using var check = new ImageCheck(s_network, backend);
        var photo = new RgbImage(40, 32, [.. Enumerable.Range(0, 40 * 32 * 3).Select(i => (byte)(i * 7))]);

        ImageFacts facts = check.Facts(photo, 3, s_network.Find("conv2_1"), 2);

        Assert.AreEqual(1, facts.Probabilities.Sum(), 1e-9);
        Assert.HasCount(3, facts.Top);
        Assert.AreEqual(facts.Probabilities.Max(), facts.Top[0].Probability, 1e-12);
        Assert.AreEqual(24, facts.Channels);
        Assert.IsTrue(facts.Rank is >= 1 and <= 24);
        Assert.AreEqual(1, Enumerable.Range(0, 24).Min(k => check.Facts(photo, 1, s_network.Find("conv2_1"), k).Rank));
    }

    /// <summary>The same network for images whose channels are blue, green, red.</summary>
    private static Network Turned(Network network)
    {
        var builder = new NetworkBuilder(3);
        foreach (Node node in network.Nodes.Skip(1))
        {
            builder.Add(node.Name, node.Layer, [.. node.Inputs.Select(i => network.Nodes[i].Name)],
                [.. node.Weights.Select(w => node.Inputs[0] == 0 && w.Shape.Rank == 4 ? Turned(w) : w)]);
        }

        Preprocessing p = network.Preprocessing;
        return builder.Build("turned", p with
        {
            ChannelOrder = ChannelOrder.Bgr, Mean = [.. p.Mean.Reverse()], Deviation = [.. p.Deviation.Reverse()],
        });
    }

    private static Weight Turned(Weight weight)
    {
        int kernel = weight.Shape[2] * weight.Shape[3];
        return Weight.FromValues(weight.Name, weight.Shape,
            [.. weight.ToArray().Chunk(3 * kernel).SelectMany(filter => filter.Chunk(kernel).Reverse().SelectMany(k => k))]);
    }

    private static ChannelObjective Unit(string layer, int channel) => new(s_network.Find(layer), channel);
}
