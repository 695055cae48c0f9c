using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Examples;

[TestClass]
public sealed class AblationTests
{
    private const int Channel = 5;

    [TestMethod]
    [DataRow("vgg", "conv1_1", 0f)]
    [DataRow("vgg", "conv2_0", 0.75f)]
    [DataRow("vgg", "fc0", 0f)]
    [DataRow("diamond", "left", 0.5f)]
    [DataRow("diamond", "mix", 0f)]
    [DataRow("resnet18", "layer2.0.conv1", 0.5f)]
    [DataRow("resnet18", "layer2.0.downsample.0", 0f)]
    [DataRow("mobilenet_v3_small", "features.4.block.0.0", 0.5f)]
    [DataRow("mobilenet_v3_small", "features.4.block.2.fc2", 0f)]
    public void Effect_IsThatOfANetworkWhoseChannelIsConstant(string name, string layer, float value)
    {
        Network network = name == "vgg" ? TinyNets.Vgg() : name == "diamond" ? TinyNets.Diamond() : TorchvisionGolden.Load(name);
        Network without = WithConstant(network, layer, value);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false, Batch = 3 });
        using Explainer other = explainer.With(without);
        NetworkInput[] inputs = [.. Enumerable.Range(0, 7).Select(i => Requests.RandomInput(network.Preprocessing.InputSize, (ulong)i))];
        var run = new LayerRun(explainer, network.Find(layer));
        var ablation = new Ablation(explainer, network.Find(layer), Channel, value);
        foreach (NetworkInput[] some in inputs.Chunk(4))
        {
            (Shape shape, float[] values) = run.Activations(some, CancellationToken.None);
            ablation.Add(some, shape, values, CancellationToken.None);
        }

        float[][] before = [.. inputs.Select(i => explainer.Forward(i, [], CancellationToken.None).Logits())];
        float[][] after = [.. inputs.Select(i => other.Forward(i, [], CancellationToken.None).Logits())];
        AblationEffect effect = ablation.Effect;
        Assert.AreEqual(7, effect.Images);
        Assert.AreEqual(before.Zip(after, (b, a) => Top(b) == Top(a) ? 0 : 1).Sum(), effect.Changed);
        OutputActivation softmax = network.OutputActivation;
        double drop = before.Zip(after, (b, a) => softmax.Probabilities(b)[Top(b)] - softmax.Probabilities(a)[Top(b)]).Average();
        Assert.AreEqual(drop, effect.TopDrop, 1e-5, "float32 sums of another order");
        for (int c = 0; c < network.Classes; c++)
        {
            Assert.AreEqual(before.Zip(after, (b, a) => (double)a[c] - b[c]).Average(), effect.LogitChanges[c], 1e-4,
                "float32 sums of another order, of logits around 1");
        }
    }

    [TestMethod]
    public void Detector_ChangesItsAnswerWhereTheProbabilityCrossesOneHalf()
    {
        Network network = new NetworkBuilder(3).Then("maps", new ReLU()).Then("flat", new Flatten())
            .Then("fc", new Linear(3, 1, Bias: false), Weight.FromValues("w", new Shape(1, 3), [2, 1, -3]))
            .Build("detector", new Preprocessing { InputSize = 1 });
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false });
        var ablation = new Ablation(explainer, network.Find("maps"), 0);

        NetworkInput[] pixels = [Requests.RandomInput(1, 0), Requests.RandomInput(1, 1)];
        ablation.Add(pixels, new Shape(2, 3, 1, 1), [1, 0, 0.5f, /**/ 1, 1, 0.25f], CancellationToken.None);

        Assert.AreEqual(1, ablation.Effect.Changed, "logits 0.5 and 2.25 become -1.5 and 0.25");
        double drop = (Sigma(0.5) - Sigma(-1.5) + Sigma(2.25) - Sigma(0.25)) / 2;
        Assert.AreEqual(drop, ablation.Effect.TopDrop, 1e-15, "float64 rounding");
        Assert.AreEqual(-2, ablation.Effect.LogitChanges[0]);

        static double Sigma(double z) => 1 / (1 + Math.Exp(-z));
    }

    [TestMethod]
    public void FallenAndRisen_AreOrderedAndOfTheirSign()
    {
        var effect = new AblationEffect(1, 0, 0, 0, [0.5, -2, 0, -1, 3]);

        CollectionAssert.AreEqual(new[] { 1, 3 }, effect.Fallen(5).ToArray());
        CollectionAssert.AreEqual(new[] { 4 }, effect.Risen(1).ToArray());
    }

    [TestMethod]
    public void LayerThatLeadsNowhere_IsAnError()
    {
        Network network = TinyNets.Diamond();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);

        InputException e = Assert.ThrowsExactly<InputException>(() => new Ablation(explainer, network.Find("dead_end"), 0));

        Assert.Contains("does not depend on it", e.Message);
    }

    [TestMethod]
    public void Activations_OfPartOfANetwork_AreThoseOfTheWhole()
    {
        Network network = TinyNets.Diamond();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false, Batch = 2 });
        NetworkInput[] inputs = [.. Enumerable.Range(0, 3).Select(i => Requests.RandomInput(17, (ulong)i))];
        foreach (Node node in network.Nodes.Skip(1))
        {
            (Shape shape, float[] values) = new LayerRun(explainer, node).Activations(inputs, CancellationToken.None);

            float[] expected = [.. inputs.SelectMany(i => explainer.Forward(i, [node], CancellationToken.None).Activation(node))];
            Assert.AreEqual(expected.Length, shape.Count);
            CollectionAssert.AreEqual(expected, values, node.Name);
        }
    }

    [TestMethod]
    public void LayerRun_OfTheInput_IsAnError()
    {
        Network network = TinyNets.Diamond();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);

        Assert.ThrowsExactly<InputException>(() => new LayerRun(explainer, network.Input));
    }

    private static int Top(float[] logits) => Array.IndexOf(logits, logits.Max());

    /// <summary>The network with a channel's weights at 0 and its bias at a value.</summary>
    private static Network WithConstant(Network network, string layer, float value)
    {
        var builder = new NetworkBuilder(network.InputChannels);
        foreach (Node node in network.Nodes.Skip(1))
        {
            Weight[] weights = [.. node.Weights];
            if (node.Name == layer)
            {
                weights = [.. weights.Select((w, i) =>
                {
                    float[] values = w.ToArray();
                    int each = values.Length / w.Shape[0];
                    values.AsSpan(Channel * each, each).Fill(i == 0 ? 0 : value);
                    return Weight.FromValues(w.Name, w.Shape, values);
                })];
            }

            builder.Add(node.Name, node.Layer, [.. node.Inputs.Select(i => network.Nodes[i].Name)], weights);
        }

        return builder.Build("without", network.Preprocessing);
    }
}
