namespace Interp.Tests.Weights.Architectures;

/// <summary>The tables of torchvision's networks are complete and consistent in themselves.</summary>
[TestClass]
public sealed class TorchvisionTableTests
{
    [TestMethod]
    public void All_68BuildersOf14Families()
    {
        Assert.HasCount(68, TorchvisionTable.All);
        Assert.HasCount(14, TorchvisionTable.All.Select(t => t.Family).Distinct());
        Assert.HasCount(68, TorchvisionTable.All.Select(t => t.Name).Distinct());
    }

    [TestMethod]
    [DataRow("alexnet", 16)]
    [DataRow("resnet18", 122)]
    [DataRow("resnet50", 320)]
    [DataRow("squeezenet1_0", 52)]
    [DataRow("densenet121", 727)]
    [DataRow("inception_v3", 580)]
    [DataRow("googlenet", 364)]
    [DataRow("shufflenet_v2_x1_0", 338)]
    [DataRow("mobilenet_v2", 314)]
    [DataRow("mobilenet_v3_large", 312)]
    [DataRow("mobilenet_v3_small", 244)]
    [DataRow("mnasnet1_0", 314)]
    [DataRow("efficientnet_b0", 360)]
    [DataRow("regnet_x_400mf", 428)]
    [DataRow("regnet_y_400mf", 384)]
    [DataRow("convnext_tiny", 182)]
    public void Of_TensorsAreThoseOfTheStateDict(string name, int count) => Assert.HasCount(count, TorchvisionTable.Of(name).Tensors);

    [TestMethod]
    public void Nodes_ReadWhatStandsBefore_NamesAreUnique_AliasesLeadToNodes()
    {
        foreach (TorchvisionTable table in TorchvisionTable.All)
        {
            HashSet<string> known = ["input"];
            foreach (TorchvisionNode node in table.Nodes)
            {
                Assert.IsTrue(node.Inputs.All(known.Contains), $"{table}: {node.Name} reads what does not stand before it");
                Assert.IsTrue(known.Add(node.Name), $"{table}: {node.Name} twice");
                Assert.AreEqual(node.Kind == "activation", node.Function.Length > 0, $"{table}: {node.Name}");
            }

            foreach ((string module, string node) in table.Aliases)
            {
                Assert.Contains(node, known, $"{table}: {module}");
                Assert.DoesNotContain(module, known, $"{table}: {module} is also a node");
            }

            Assert.AreEqual("[1,1000]", table.Nodes[^1].Shape.ToString(), table.Name);
        }
    }

    [TestMethod]
    [DataRow("resnet18", "layer1.0.relu_1", "relu", "", "[1,64,56,56]", "layer1.0.add")]
    [DataRow("densenet121", "features.denseblock1.denselayer2.norm1", "affine", "", "[1,96,56,56]", "features.denseblock1.denselayer2.cat")]
    [DataRow("efficientnet_v2_s", "features.0.2", "activation", "silu", "[1,24,192,192]", "features.0.1")]
    [DataRow("shufflenet_v2_x1_0", "stage2.1.chunk_1", "channel_slice", "", "[1,58,28,28]", "stage2.0.channel_shuffle")]
    [DataRow("shufflenet_v2_x1_0", "mean", "adaptive_avgpool2d", "", "[1,1024,1,1]", "conv5.2")]
    [DataRow("inception_v3", "Conv2d_1a_3x3.conv", "conv2d", "", "[1,32,149,149]", "transform_input")]
    public void Nodes_Example(string network, string name, string kind, string function, string shape, string input)
    {
        TorchvisionNode node = TorchvisionTable.Of(network).Nodes.Single(n => n.Name == name);

        Assert.AreEqual((kind, function, shape), (node.Kind, node.Function, node.Shape.ToString()));
        Assert.AreEqual(input, node.Inputs.Single());
    }

    [TestMethod]
    public void Example_AttributesAliasesAndAuxiliaryHeads()
    {
        TorchvisionTable inception = TorchvisionTable.Of("inception_v3");

        Assert.AreEqual("1x7", inception.Nodes.Single(n => n.Name == "Mixed_6b.branch7x7_2.conv").Attributes["kernel"]);
        Assert.AreEqual("Mixed_5b.cat", inception.Aliases["Mixed_5b"]);
        Assert.IsTrue(inception.Tensors.All(t => t.Unused == t.Name.StartsWith("AuxLogits.", StringComparison.Ordinal)));
        Assert.AreEqual(299, inception.InputSize);
    }
}
