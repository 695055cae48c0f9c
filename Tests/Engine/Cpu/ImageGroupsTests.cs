using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Cpu;

/// <summary>Threads that each take a few images of a batch through the whole network.</summary>
[TestClass]
public sealed class ImageGroupsTests
{
    private const int Images = 6;

    public static IEnumerable<object[]> Blocks =>
        LayerNets.Blocks.Keys.SelectMany(name => new[] { 1, 2, 3 }.Select(group => new object[] { name, group }));

    [TestMethod]
    [DynamicData(nameof(Blocks))]
    public void Passes_InGroups_GiveTheBitsOfTheWholeBatchAtEveryNode(string name, int group)
    {
        Network network = LayerNets.Blocks[name]();
        foreach (Node[] kept in (Node[][])[[.. network.Nodes], [Middle(network)]]) // Nothing is fused, and much.
        {
            float[][] together = Run(network, kept, new CpuOptions { Threads = 2, Group = Images });
            float[][] grouped = Run(network, kept, new CpuOptions { Threads = 2, Group = group });
            for (int i = 0; i < together.Length; i++)
            {
                TensorAssert.SameBits(together[i], grouped[i],
                    $"{(i < kept.Length ? "activation" : "gradient")} of {kept[i % kept.Length].Name}");
            }
        }
    }

    [TestMethod]
    public void Passes_FewerGroupsThanThreads_GiveTheSameBits()
    {
        Network network = TinyNets.Mobile();
        Node[] kept = [Middle(network)];
        float[][] expected = Run(network, kept, new CpuOptions { Threads = 1, Group = Images });
        for (int i = 0; i < 20; i++) // Which threads take part varies.
        {
            float[][] found = Run(network, kept, new CpuOptions { Threads = 8, Group = 2 });
            TensorAssert.SameBits(expected[0], found[0], "activation");
            TensorAssert.SameBits(expected[1], found[1], "gradient");
        }
    }

    [TestMethod]
    [DataRow(6, 2, 1)]
    [DataRow(7, 2, 1)]
    [DataRow(2, 2, 1)]
    [DataRow(6, 1, 1)]
    [DataRow(8, 16, 8, DisplayName = "too few images for the threads")]
    [DataRow(5, 4, 5, DisplayName = "five groups would leave three of eight turns unused")]
    [DataRow(1, 2, 1)]
    public void Choose_LightNetwork_GivesEachThreadImagesOfItsOwn(int batch, int threads, int expected) =>
        Assert.AreEqual(expected, Choose(TinyNets.Mobile(), batch, threads, MemoryUse.Normal));

    [TestMethod]
    public void Choose_ManyProductsForAValue_RunTogether() => Assert.AreEqual(8, Choose(TinyNets.Single(
        new Conv2d(128, 128, Window.Square(3, padding: 1)), 128, 112), 8, 2, MemoryUse.Normal), "1152 for each");

    [TestMethod]
    public void Choose_FiltersThatOutweighMaps_RunTogether()
    {
        Assert.AreEqual(8, Choose(TinyNets.Perceptron(64, 512, 10), 8, 2, MemoryUse.Normal));
        Assert.AreEqual(6, Choose(TinyNets.Mobile(), 6, 2, MemoryUse.Low), "filters would be packed for each group");
    }

    [TestMethod]
    public void ForwardOnly_InGroups_HoldsLessThanTogether()
    {
        Network network = TinyNets.Mobile();
        using var together = new CpuBackend(new CpuOptions { Threads = 2, Group = 32 });
        using var grouped = new CpuBackend(new CpuOptions { Threads = 2, Group = 1 });
        using Session one = together.Open(network, new SessionOptions { Batch = 32, Backward = false });
        using Session other = grouped.Open(network, new SessionOptions { Batch = 32, Backward = false });

        Assert.IsLessThan(one.Bytes / 2, other.Bytes);
    }

    [TestMethod]
    public void Forward_CancelledInAGroup_LeavesTheSessionUsable()
    {
        Network network = TinyNets.Mobile();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2, Group = 1 });
        using Session session = backend.Open(network, new SessionOptions { Batch = Images });
        float[] input = new Gaussian(3).Values(session.InputShape.Count);
        session.Forward(input);
        float[] expected = session.Logits();

        Assert.ThrowsExactly<OperationCanceledException>(() => session.Forward(new float[input.Length], new CancellationToken(true)));
        Assert.ThrowsExactly<InvalidOperationException>(() => session.Logits());
        session.Forward(input);

        TensorAssert.SameBits(expected, session.Logits(), "logits");
    }

    private static int Choose(Network network, int batch, int threads, MemoryUse memory)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1, Memory = memory });
        var options = new SessionOptions { Batch = batch };
        using Session session = backend.Open(network, options);
        return ImageGroups.Choose(network, options, session.ShapeOf, backend.Convolutions(backward: true), threads);
    }

    private static Node Middle(Network network) => network.Nodes[network.Nodes.Length / 2];

    /// <summary>Activations of some nodes, then gradients there from two seeds, the second one inside the network.</summary>
    private static float[][] Run(Network network, Node[] kept, CpuOptions options)
    {
        using var backend = new CpuBackend(options);
        using Session session = backend.Open(network, new SessionOptions { Batch = Images, Keep = [.. kept] });
        session.Forward(new Gaussian(3).Values(session.InputShape.Count));
        session.Backward(ReluRules.Guided, default, Seed(network.Output, 4), Seed(Middle(network), 5));
        return [.. kept.Select(session.Activation), .. kept.Select(session.Gradient)];

        Seed Seed(Node node, int seed) => new(node, new Gaussian(seed).Values(session.ShapeOf(node).Count));
    }
}
