using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Onnx;

/// <summary>Operators of every opset become the newest's.</summary>
[TestClass]
public class OnnxOpsetTests
{
    [TestMethod]
    public void Clip_OfOpset6_HasItsBoundsAsInputs()
    {
        (OperatorNode node, double[][] inputs) = One(10, "Clip", "x", [Model.Attribute("max", 6f), Model.Attribute("min", 0f)]);
        Assert.HasCount(3, node.Inputs);
        CollectionAssert.AreEqual(new double[] { 0 }, inputs[1]);
        CollectionAssert.AreEqual(new double[] { 6 }, inputs[2]);
        Assert.IsEmpty(node.Attributes.Names);

        (node, inputs) = One(10, "Clip", "x", [Model.Attribute("max", 0.1f)]);
        Assert.AreEqual("", node.Inputs[1]);
        Assert.AreEqual(0.1f, inputs[2][0], "a bound is the number of four bytes that the file has");
        Assert.HasCount(1, One(10, "Clip", "x", []).Node.Inputs);
    }

    [TestMethod]
    public void Pad_Slice_Split_OfOldOpsets_HaveInputs()
    {
        (OperatorNode node, double[][] inputs) = One(
            10, "Pad", "x", [Model.Attribute("pads", 0L, 1, 0, 2), Model.Attribute("value", 3f), Model.Attribute("mode", "constant")]);
        CollectionAssert.AreEqual(new double[] { 0, 1, 0, 2 }, inputs[1]);
        CollectionAssert.AreEqual(new double[] { 3 }, inputs[2]);
        Assert.AreEqual("constant", node.Attributes.String("mode", ""));

        inputs = One(9, "Slice", "x", [
            Model.Attribute("starts", 1L, 2), Model.Attribute("ends", 3L, long.MaxValue), Model.Attribute("axes", 2L, 3)]).Inputs;
        CollectionAssert.AreEqual(new double[] { 1, 2 }, inputs[1]);
        CollectionAssert.AreEqual(new double[] { 3, long.MaxValue }, inputs[2]);
        CollectionAssert.AreEqual(new double[] { 2, 3 }, inputs[3]);

        CollectionAssert.AreEqual(new double[] { 1, 2 }, One(11, "Split", "x", [Model.Attribute("split", 1L, 2)], "y z").Inputs[1]);
        Assert.AreEqual(2, One(13, "Split", "x", [], "y z").Node.Attributes.Int("num_outputs", 0));
        Assert.AreEqual(0, One(18, "Split", "x", [], "y z").Node.Attributes.Int("num_outputs", 0));
    }

    [TestMethod]
    [DataRow("Squeeze", 12L)]
    [DataRow("Unsqueeze", 12L)]
    [DataRow("ReduceSum", 12L)]
    [DataRow("ReduceMean", 17L)]
    [DataRow("ReduceMax", 17L)]
    [DataRow("ReduceL2", 17L)]
    public void Axes_OfOldOpsets_AreAnInput(string type, long opset)
    {
        (OperatorNode node, double[][] inputs) = One(opset, type, "x", [Model.Attribute("axes", -1L, 2), Model.Attribute("keepdims", 0L)]);
        CollectionAssert.AreEqual(new double[] { -1, 2 }, inputs[1]);
        CollectionAssert.AreEqual(new[] { "keepdims" }, node.Attributes.Names.ToArray());

        // What the newer opset does not know stays, and is refused by whoever reads the operator.
        CollectionAssert.Contains(One(opset + 1, type, "x", [Model.Attribute("axes", 2L, 3)]).Node.Attributes.Names.ToArray(), "axes");
    }

    [TestMethod]
    public void Softmax_BeforeOpset13_TakesAxesTogether()
    {
        OperatorNode node = One(12, "Softmax", "x", []).Node;
        Assert.AreEqual(1, node.Attributes.Int("axis", -9));
        Assert.AreEqual(1, node.Attributes.Int("flatten", 0));
        Assert.AreEqual(3, One(11, "LogSoftmax", "x", [Model.Attribute("axis", 3L)]).Node.Attributes.Int("axis", -9));
        Assert.IsEmpty(One(13, "Softmax", "x", []).Node.Attributes.Names);
    }

    [TestMethod]
    public void Upsample_AndOldResize_AreResize()
    {
        (OperatorNode node, double[][] inputs) = One(
            8, "Upsample", "x", [Model.Attribute("scales", 1f, 1f, 2f, 1.5f), Model.Attribute("mode", "nearest")]);
        Assert.AreEqual("Resize", node.Operator);
        Assert.AreEqual("", node.Inputs[1]);
        CollectionAssert.AreEqual(new double[] { 1, 1, 2, 1.5 }, inputs[2]);
        Assert.AreEqual("asymmetric", node.Attributes.String("coordinate_transformation_mode", ""));
        Assert.AreEqual("floor", node.Attributes.String("nearest_mode", ""));

        foreach ((string type, long opset) in new[] { ("Upsample", 9L), ("Resize", 10L) })
        {
            node = One(opset, type, "x w", []).Node;
            Assert.AreEqual("Resize", node.Operator);
            CollectionAssert.AreEqual(new[] { "x", "", "w" }, node.Inputs.ToArray());
            Assert.AreEqual("asymmetric", node.Attributes.String("coordinate_transformation_mode", ""));
        }

        // Opset 11 demands a region and scales, and exporters write empty ones.
        CollectionAssert.AreEqual(new[] { "x", "", "w" }, One(11, "Resize", "x empty w", []).Node.Inputs.ToArray());
        CollectionAssert.AreEqual(new[] { "x", "", "", "w" }, One(13, "Resize", "x empty empty w", []).Node.Inputs.ToArray());
    }

    [TestMethod]
    public void Dropout_InEveryOpset_IsItsInputAlone()
    {
        foreach ((long opset, string inputs, Proto[] attributes) in new (long, string, Proto[])[]
        {
            (7, "x", [Model.Attribute("ratio", 0.5f)]), (12, "x w", [Model.Attribute("seed", 1L)]), (13, "x w no", []), (22, "x _ no", []),
            (13, "x w _", []), (13, "x", []),
        })
        {
            OperatorNode node = One(opset, "Dropout", inputs, attributes).Node;
            CollectionAssert.AreEqual(new[] { "x" }, node.Inputs.ToArray());
            Assert.IsEmpty(node.Attributes.Names);
        }

        RefusesNode(13, "Dropout", "x w yes", [], "operator Dropout (node 'y')", "training_mode is true", "model.eval()");
        RefusesNode(13, "Dropout", "x w x", [], "no constant");
    }

    [TestMethod]
    public void BatchNormalization_InTraining_IsRefused()
    {
        OperatorNode node = One(
            8, "BatchNormalization", "x w w w w", [Model.Attribute("spatial", 1L), Model.Attribute("momentum", 0.9f), Epsilon()]).Node;
        CollectionAssert.AreEqual(new[] { "epsilon" }, node.Attributes.Names.ToArray());
        Assert.AreEqual(1e-5, node.Attributes.Float("epsilon", 0), "the decimal number that was meant");
        Assert.IsEmpty(One(15, "BatchNormalization", "x w w w w", [Model.Attribute("training_mode", 0L)]).Node.Attributes.Names);
        RefusesNode(15, "BatchNormalization", "x w w w w", [Model.Attribute("training_mode", 1L)], "training_mode", "model.eval()");
        RefusesNode(8, "BatchNormalization", "x w w w w", [Model.Attribute("spatial", 0L)], "spatial is 0");
        Model.Refuses(
            Model.Of(9, [.. Around, Model.Node("BatchNormalization", "x w w w w", "y a b c d")]), "BatchNormalization", "statistics");
        Model.Open(Model.Of(9, [.. Around, Model.Node("BatchNormalization", "x w w w w", "y _ _ _ _")]), g => g.Nodes[0].Outputs.Single());
    }

    [TestMethod]
    public void OtherOperators_OfOldOpsets_AreTheNewest()
    {
        CollectionAssert.AreEqual(new double[] { 5 }, One(9, "TopK", "x", [Model.Attribute("k", 5L)]).Inputs[1]);
        Assert.AreEqual("ScatterElements", One(9, "Scatter", "x w w", []).Node.Operator);
        Assert.AreEqual("linear", One(16, "GridSample", "x w", [Model.Attribute("mode", "bilinear")]).Node.Attributes.String("mode", ""));
        Assert.AreEqual(
            "output_half_pixel", One(10, "RoiAlign", "x w w", []).Node.Attributes.String("coordinate_transformation_mode", ""));
        RefusesNode(18, "GroupNormalization", "x w w", [Model.Attribute("num_groups", 2L)], "opset 21");
        Assert.AreEqual("GroupNormalization", One(21, "GroupNormalization", "x w w", [Model.Attribute("num_groups", 2L)]).Node.Operator);
        RefusesNode(10, "Clip", "x w", [Model.Attribute("min", 0f)], "attribute 'min' and input 1");
        RefusesNode(10, "Pad", "x", [Model.Attribute("pads", 1f)], "attribute 'pads'", "unexpected type");
    }

    [TestMethod]
    [DataRow(6L, "opset 6, expected 7 to 25")]
    [DataRow(26L, "opset 26, expected 7 to 25")]
    [DataRow(99L, "opset 99, expected 7 to 25")]
    public void Open_OpsetsThatAreNotKnown_AreRefused(long opset, string words) =>
        Model.Refuses(Model.Of(opset, [.. Around, Model.Node("Relu", "x", "y")]), words);

    [TestMethod]
    public void Open_SeveralOpsets_TakesEachDomainsOwn()
    {
        Proto softmax = Model.Node("Softmax", "x", "y");
        Proto model = Model.Of(8, [("com.microsoft", 1), ("own.ops", 18), ("ai.onnx", 12)], [.. Around, softmax]);
        Assert.AreEqual(1, Model.Open(model, g => g.Nodes[0].Attributes.Int("flatten", 0)));
        Assert.AreEqual("ONNX, opset 12, IR 8, by test", Model.Open(model, g => g.Origin));
        Model.Refuses(Model.Of(8, [("", 12), ("ai.onnx", 13)], [.. Around, softmax]), "two opsets, 12 and 13");
        Model.Refuses(Model.Of(8, [("own.ops", 12)], [.. Around, softmax]), "operator Softmax", "which opset");
        Assert.AreEqual("own.ops.Softmax", Model.Open(
            Model.Of(8, [("own.ops", 12)], [.. Around, Model.Node("Softmax", "x", "y", "", "own.ops")]), g => g.Nodes[0].Operator));
    }

    [TestMethod]
    public void Open_IrVersions_OldOnesAreRefusedAndNewOnesSaid()
    {
        Proto Of(long ir) => Model.Of(ir, [("", 17)], [.. Around, Model.Node("Relu", "x", "y")]);
        Model.Refuses(Of(2), "IR version 2, expected 3 or later");
        Assert.IsEmpty(Model.Open(Of(3), g => g.Assumptions));
        CollectionAssert.Contains(
            Model.Open(Of(15), g => g.Assumptions.ToArray()), "IR version 15 is read as 14, the newest that is known");
        Model.Refuses(new Proto().Varint(1, 8), "no graph");
    }

    private static Proto[] Around =>
    [
        Model.Input("x", 1, 0, 3, 8, 8), Model.Initializer(Model.Floats("w", [1], 1)), Model.Initializer(Model.Floats("empty", [0])),
        Model.Initializer(Model.Tensor("yes", 9, []).Blob(9, [1])), Model.Initializer(Model.Tensor("no", 9, []).Blob(9, [0])),
        Model.Output("y"),
    ];

    private static Proto Epsilon() => Model.Attribute("epsilon", 1e-5f);

    private static (OperatorNode Node, double[][] Inputs) One(
        long opset, string type, string inputs, Proto[] attributes, string outputs = "y") => Model.Open(
            Model.Of(opset, [.. Around, Model.Node(type, inputs, outputs, attributes)]),
            g => (g.Nodes.Single(), g.Nodes[0].Inputs.Select(i => g.Constants.GetValueOrDefault(i)?.Read() ?? []).ToArray()));

    private static void RefusesNode(long opset, string type, string inputs, Proto[] attributes, params string[] words) =>
        Model.Refuses(Model.Of(opset, [.. Around, Model.Node(type, inputs, "y", attributes)]), words);
}
