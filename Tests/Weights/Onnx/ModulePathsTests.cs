using Interp.Weights.Graphs;
using Interp.Weights.Onnx;

namespace Interp.Tests.Weights.Onnx;

/// <summary>Modules of nodes by what exporters write.</summary>
[TestClass]
public class ModulePathsTests
{
    [TestMethod]
    [DataRow("/conv1/Conv", "conv1")]
    [DataRow("/Flatten", "")]
    [DataRow("/layer1/layer1.0/relu_1/Relu", "layer1.0.relu_1")]
    [DataRow("/layer1/layer1.0/Add_1", "layer1.0")]
    [DataRow("/features/features.2/conv/conv.0/conv.0.0/Conv", "features.2.conv.0.0")]
    [DataRow("/encoder/layers.0/mlp/mlp.0/Gemm", "encoder.layers.0.mlp.0")]
    [DataRow("/model.22/cv2.0/cv2.0.1/conv/Conv", "model.22.cv2.0.1.conv")]
    [DataRow("/trunk_output/block1/block1-0/f/a/a.0/Conv", "trunk_output.block1.block1-0.f.a.0")]
    [DataRow("/block_1/block.0/Conv", "block.0_1")]
    [DataRow("/head/head_1/Conv", "head.head_1")]
    [DataRow("Conv_12", null)]
    [DataRow("model/conv/Conv", null)]
    [DataRow("/", null)]
    [DataRow("//Conv", null)]
    [DataRow("/a/12", null)]
    [DataRow("", null)]
    public void FromTorchName_AnyName_IsThePath(string name, string? module) => Assert.AreEqual(module, ModulePaths.FromTorchName(name));

    [TestMethod]
    public void Of_ScopesOfTheCurrentExporter_CountCalls()
    {
        // A module of PyTorch's own is called again when its function comes under a new number; SiLU is two operators of one call.
        CollectionAssert.AreEqual(
            new[] { "a.act", "a.act", "a", "a.act_1", "a.act_1", "a", "own", "own", null },
            Modules(
                Scoped("Sigmoid", "['', 'a', 'a.act', 'silu']", "torch.nn.modules.activation.SiLU"),
                Scoped("Mul", "['', 'a', 'a.act', 'silu']", "torch.nn.modules.activation.SiLU"),
                Scoped("Add", "['', 'a', 'add_3']", "net.Block"),
                Scoped("Sigmoid", "['', 'a', 'a.act', 'silu_1']", "torch.nn.modules.activation.SiLU"),
                Scoped("Mul", "['', 'a', 'a.act', 'silu_1']", "torch.nn.modules.activation.SiLU"),
                Scoped("Add", "['', 'a', 'add_4']", "net.Block"),
                Scoped("Relu", "['', 'own', 'relu_7']", "net.OwnLayer"),
                Scoped("Relu", "['', 'own', 'relu_8']", "net.OwnLayer"),
                Scoped("Relu", "['_empty_nn_module_stack_from_metadata_hook', 'sym_size_int_1']", "")));
    }

    [TestMethod]
    public void Of_AMergedBatchNorm_IsTheConvolution()
    {
        Proto node = Scoped("Relu", "['', 'layer1', 'layer1.bn', '_native_batch_norm']", "torch.nn.modules.batchnorm.BatchNorm2d",
            "layer1.conv.weight", ("pkg.onnxscript.rewriter.rule_name", "FuseBatchNormIntoConv, RemoveOptionalBiasFromConv"));
        CollectionAssert.AreEqual(new[] { "layer1.conv" }, Modules(node));
    }

    [TestMethod]
    [DataRow(new[] { "sequential/conv2d/BiasAdd", "sequential/conv2d_1/Relu" }, new[] { "conv2d", "conv2d_1" })]
    [DataRow(new[] { "StatefulPartitionedCall/net/conv/BiasAdd__6", "StatefulPartitionedCall/net/dense/MatMul/ReadVariableOp" },
        new[] { "conv", "dense" })]
    [DataRow(new[] { "net_1/trunk_1/bn_2_1/batchnorm/mul_1", "net_1/act_1/Relu" }, new[] { "trunk.bn_2", "act" })]
    [DataRow(new[] { "net_1/bn_1/batchnorm/mul_1", "net_1/act/Relu" }, new[] { "bn_1", "act" })]
    [DataRow(new[] { "Conv__12", "net/a/Relu" }, new[] { null, "a" })]
    public void Of_TensorFlowsScopes_AreTheLayers(string[] names, string?[] layers)
    {
        Proto[] nodes = [.. names.Select((name, i) => Model.Node("Relu", "x", $"y{i}", name, ""))];
        Proto model = Model.Of(13, [Model.Input("x", 1, 1), Model.Output("y0"), .. nodes]).Text(2, "tf2onnx");
        CollectionAssert.AreEqual(layers, Model.Open(model, g => g.Nodes.Select(n => n.Module).ToArray()));
    }

    private static Proto Scoped(
        string type, string scopes, string kind, string weight = "x", params (string Key, string Value)[] more)
    {
        var node = new Proto();
        string classes = $"['net.Net', '{kind}', 'aten.{type}']";
        foreach ((string key, string value) in
            more.Append(("pkg.torch.onnx.name_scopes", scopes)).Append(("pkg.torch.onnx.class_hierarchy", classes)))
        {
            node.Message(9, new Proto().Text(2, value).Text(1, key));
        }

        return new Proto().Message(1, node.Text(1, "x").Text(1, weight).Text(4, type));
    }

    private static string?[] Modules(params Proto[] nodes)
    {
        Proto[] parts = [.. nodes.Select((n, i) => Output(n, $"y{i}"))];
        return Model.Open(
            Model.Of(20, [Model.Input("x", 1, 1), Model.Input("layer1.conv.weight", 1, 1), Model.Output("y0"), .. parts]),
            g => g.Nodes.Select((OperatorNode n) => n.Module).ToArray());
    }

    /// <summary>The node with an output: a message that is stored in parts would be two nodes, so it is written anew.</summary>
    private static Proto Output(Proto node, string name) => new Proto().Message(1, new Proto().Raw(node.Content).Text(2, name));
}
