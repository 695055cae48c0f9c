using System.Collections.Immutable;
using Interp.Weights.Graphs;
using Interp.Weights.TorchExport;

namespace Interp.Tests.Weights.TorchExport;

/// <summary>Operators of PyTorch in ONNX's words.</summary>
[TestClass]
public class AtenTests
{
    [TestMethod]
    public void Convolution_ArgumentsThatAreLeftOut_AreTheDefaults()
    {
        using Opened opened = Net().Node("conv2d.default", "y", "input=x", "weight=p_w").Open();
        OperatorNode conv = opened.Graph.Nodes.Single();
        CollectionAssert.AreEqual(new long[] { 1, 1 }, conv.Attributes.Ints("strides")!.Value.ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 0, 0, 0 }, conv.Attributes.Ints("pads")!.Value.ToArray());
        CollectionAssert.AreEqual(new long[] { 1, 1 }, conv.Attributes.Ints("dilations")!.Value.ToArray());
        Assert.AreEqual(1, conv.Attributes.Int("group", 0));
        CollectionAssert.AreEqual(new[] { "x", "p_w" }, conv.Inputs.ToArray());
    }

    [TestMethod]
    public void Convolution_ArgumentsThatAreGiven_Count()
    {
        using Opened opened = Net().Node("conv2d.default", "y", "input=x", "weight=p_w", "bias=none:true", "stride=ints:[2, 1]",
            "padding=ints:[1, 0]", "dilation=int:3", "groups=int:2").Open();
        OperatorNode conv = opened.Graph.Nodes.Single();
        CollectionAssert.AreEqual(new long[] { 2, 1 }, conv.Attributes.Ints("strides")!.Value.ToArray());
        CollectionAssert.AreEqual(new long[] { 1, 0, 1, 0 }, conv.Attributes.Ints("pads")!.Value.ToArray());
        CollectionAssert.AreEqual(new long[] { 3, 3 }, conv.Attributes.Ints("dilations")!.Value.ToArray());
        Assert.AreEqual(2, conv.Attributes.Int("group", 0));
        conv.Attributes.RequireAllRead();
    }

    [TestMethod]
    public void MaxPool_WithoutStride_StepsByItsKernel_AveragePoolCountsThePadding()
    {
        using Opened opened = Net().Node("max_pool2d.default", "y", "self=x", "kernel_size=ints:[3, 2]")
            .Node("avg_pool2d.default", "z", "self=y", "kernel_size=ints:[2, 2]", "padding=ints:[1, 1]").Open();
        CollectionAssert.AreEqual(new long[] { 3, 2 }, opened.Graph.Nodes[0].Attributes.Ints("strides")!.Value.ToArray());
        Assert.AreEqual(1, opened.Graph.Nodes[1].Attributes.Int("count_include_pad", 0));
        Assert.AreEqual(0, opened.Graph.Nodes[0].Attributes.Int("ceil_mode", 9));
    }

    [TestMethod]
    [DataRow("Relu(x)->y", "relu.default", new string[0])]
    [DataRow("Clip(x,[0],[6])->y", "hardtanh.default", new[] { "min_val=float:0.0", "max_val=float:6.0" })]
    [DataRow("Clip(x,[-1],[1])->y", "hardtanh.default", new string[0])]
    [DataRow("Clip(x,,[2])->y", "clamp.default", new[] { "min=none:true", "max=float:2.0" })]
    [DataRow("Sigmoid(x)->y/Sigmoid; Mul(x,y/Sigmoid)->y", "silu.default", new string[0])]
    [DataRow("Add(x,[3])->y", "add.Tensor", new[] { "other=float:3.0" })]
    [DataRow("Mul([3],[2])->y/Mul; Add(x,y/Mul)->y", "add.Tensor", new[] { "other=float:3.0", "alpha=int:2" })]
    [DataRow("Sub([1],x)->y", "rsub.Scalar", new[] { "other=int:1" })]
    [DataRow("ReduceMean(x,[2 3])->y", "mean.dim", new[] { "dim=ints:[2, 3]" })]
    [DataRow("Flatten(x)->y", "flatten.using_ints", new[] { "start_dim=int:1" })]
    [DataRow("Shape(x)->y/Shape; Concat(y/Shape,[-1])->y/Concat; Reshape(x,y/Concat)->y", "flatten.using_ints",
        new[] { "start_dim=int:2" })]
    [DataRow("Transpose(x)->y", "transpose.int", new[] { "dim0=int:1", "dim1=int:-1" })]
    [DataRow("Gather(x,[0])->y", "select.int", new[] { "dim=int:1", "index=int:0" })]
    [DataRow("Slice(x,[0],[2147483647],[1],[1])->y", "slice.Tensor", new[] { "dim=int:1", "end=int:9223372036854775807" })]
    [DataRow("Expand(x,[2 1 4])->y", "expand.default", new[] { "size=ints:[2, -1, 4]" })]
    [DataRow("Pad(x,[3 1 4 2],[0.5],[-2 -1])->y", "constant_pad_nd.default", new[] { "pad=ints:[1, 2, 3, 4]", "value=float:0.5" })]
    [DataRow("GlobalAveragePool(x)->y", "adaptive_avg_pool2d.default", new[] { "output_size=ints:[1, 1]" })]
    [DataRow("AdaptiveAveragePool(x)->y", "_adaptive_avg_pool2d.default", new[] { "output_size=ints:[2, 2]" })]
    [DataRow("Softmax(x)->y", "_softmax.default", new[] { "dim=int:1", "half_to_float=bool:false" })]
    [DataRow("Resize(x,,[2 2])->y", "upsample_nearest2d.vec", new[] { "output_size=none:true", "scale_factors=floats:[2.0, 2.0]" })]
    [DataRow("Resize(x,,,[9 9])->y", "upsample_nearest2d.vec", new[] { "output_size=ints:[9, 9]", "scale_factors=none:true" })]
    public void Operator_IsSaidInOnnxsWords(string expected, string target, string[] arguments)
    {
        using Opened opened = Net().Node(target, "y", [target.StartsWith("upsample", StringComparison.Ordinal) ? "input=x" : "self=x",
            .. arguments]).Open();
        Assert.AreEqual(expected, opened.Text);
    }

    [TestMethod]
    public void Pieces_HaveTheSizesOfPyTorch()
    {
        using Opened opened = Net().Node("chunk.default", "[a,b]", "self=x", "chunks=int:2", "dim=int:1")
            .Node("split.Tensor", "[c,d]", "self=a", "split_size=int:3", "dim=int:1").Node("cat.default", "y",
                "tensors=tensors:[{\"name\": \"b\"}, {\"name\": \"d\"}]", "dim=int:1").Open();
        Assert.AreEqual("Split(x)->a,b; Slice(a,[0],[3],[1])->c/Slice; Slice(a,[3],[6],[1])->c/Slice_1; Concat(b,c/Slice_1)->y",
            System.Text.RegularExpressions.Regex.Replace(opened.Text, "Slice_[0-9]+", "Slice_1"));
        Assert.AreEqual(2, opened.Graph.Nodes[0].Attributes.Int("num_outputs", 0));
    }

    [TestMethod]
    public void Sizes_ThatAreOpen_AreComputed()
    {
        using Opened opened = Net().Node("sym_size.int", "s_n", "self=x", "dim=int:0").Node("_operator.floordiv", "s_h",
                "a=sym_int:{\"as_name\": \"s_n\"}", "b=int:2")
            .Node("view.default", "y", "self=x", "size=sym_ints:[{\"as_name\": \"s_h\"}, {\"as_int\": -1}]").Open();
        Assert.AreEqual("Shape(x)->s_n/Shape; Gather(s_n/Shape,[0])->s_n; Cast(s_n)->s_h/Cast; Cast([2])->s_h/Cast_1; "
            + "Div(s_h/Cast,s_h/Cast_1)->s_h/Div; Floor(s_h/Div)->s_h/Floor; Cast(s_h/Floor)->s_h; "
            + "Unsqueeze(s_h,[0])->y/Unsqueeze; Concat(y/Unsqueeze,[-1])->y/Concat; Reshape(x,y/Concat)->y",
            System.Text.RegularExpressions.Regex.Replace(opened.Text, "Cast_[0-9]+", "Cast_1"));
    }

    [TestMethod]
    public void ResultsWithoutMeaning_CannotBeRead()
    {
        Pt2 net = Net().Node("max_pool2d_with_indices.default", "y,i", "self=x", "kernel_size=ints:[2, 2]");
        using (Opened opened = net.Open())
        {
            Assert.AreEqual("MaxPool(x)->y", opened.Text);
        }

        net.Node("relu.default", "z", "self=i").Refuses("relu.default (node 'z')", "reads the value 'i', which nothing before it makes");
    }

    [TestMethod]
    public void Module_IsTheInnermost_WithItsCall()
    {
        Assert.AreEqual(("layer1.0.relu_1", true),
            Path("L__self__,,A;L__self__layer1.0,layer1.0,B;L__self__layer1.0.relu@1,layer1.0.relu,torch.nn.ReLU"));
        Assert.AreEqual(("layer1.0.relu", false), Path("L__self__,,A;L__self___layer1_0_relu,layer1.0.relu,torch.nn.ReLU"));
        Assert.AreEqual(("", false), Path("L__self__,,A"));
        Assert.AreEqual((null, false), Path("_empty_nn_module_stack_from_metadata_hook,_empty_nn_module_stack_from_metadata_hook,_empty"));
        Assert.AreEqual((null, false), Path(""));
        Assert.AreEqual(("a", false), Path("L__self__a@x,a,T"));

        static (string? Path, bool IsNumbered) Path(string stack) => (ModuleStack.Path(stack, out bool numbered), numbered);
    }

    [TestMethod]
    public void Calls_ThatAreNotNumbered_AreToldByWhatStandsBetween()
    {
        Assert.AreEqual("conv,relu,add,add,relu_1,relu_1,add,conv_1,,relu_2",
            Modules("b.conv", "b.relu", "b", "b", "b.relu", "b.relu", "b", "b.conv", null, "b.relu").Replace("b.", "").Replace("b", "add"));
        Assert.AreEqual("relu,relu", Modules("relu", null, "relu").Replace(",,", ",")); // What belongs to no module separates no calls.

        static string Modules(params string?[] paths) => string.Join(",", ModuleStack.Of(
            [.. paths.Select(p => new ExportNode("t", null, p, false, [], []))]));
    }

    [TestMethod]
    public void UnknownOperatorsAndArguments_AreRefusedByName()
    {
        const string Stack = "L__self__,,A;L__self__head.3,head.3,B";
        Net().NodeIn(Stack, "grid_sampler.default", "y", "input=x")
            .Refuses("operator torch.ops.aten.grid_sampler.default (node 'y', module 'head.3')", "is not supported");
        Net().NodeIn(Stack, "torch.ops.torchvision.nms.default", "y", "dets=x").Refuses("torch.ops.torchvision.nms.default", "head.3");
        Net().Node("scaled_dot_product_attention.default", "y", "query=x").Refuses("is attention");
        Net().Node("relu.default", "y", "self=x", "slope=float:0.1").Refuses("argument 'slope' is not understood");
        Net().Node("clamp.default", "y", "self=x", "self=x").Refuses("argument 'self' is not understood");
        Net().Node("convolution.default", "y", "input=x", "weight=p_w", "bias=none:true", "stride=ints:[1, 1]", "padding=ints:[0, 0]",
            "dilation=ints:[1, 1]", "transposed=bool:true", "output_padding=ints:[0, 0]", "groups=int:1")
            .Refuses("'transposed' is True, expected False");
        Net().Node("avg_pool2d.default", "y", "self=x", "kernel_size=ints:[2, 2]", "divisor_override=int:3")
            .Refuses("'divisor_override' is 3");
        Net().Node("elu.default", "y", "self=x", "scale=float:2.0").Refuses("'scale' is 2");
        Net().Node("conv2d.default", "y", "input=x", "weight=p_w", "padding=something:[1]").Refuses("of the kind 'as_something'");
        Net().Node("conv2d.default", "y", "input=x").Refuses("'weight' is missing");
        Net().Node("relu.default", "y", "self=nothing").Refuses("reads the value 'nothing'");
        Net().Node("relu.default", "x", "self=x").Refuses("'x' has the name of another value");
        Net().Node("view.default", "y", "self=x", "size=ints:[0, 3]").Refuses("without elements");
    }

    [TestMethod]
    public void TrainingMode_IsRefusedByName()
    {
        Net().Node("dropout.default", "y", "input=x", "p=float:0.5", "train=bool:true").Refuses("dropout", "training", "model.eval()");
        Pt2 norm = Net().Parameter("s", [4], 1, 1, 1, 1);
        norm.Node("batch_norm.default", "y", "input=x", "weight=p_s", "bias=p_s", "running_mean=p_s", "running_var=p_s",
            "training=bool:true", "momentum=float:0.1", "eps=float:0.001", "cudnn_enabled=bool:false").Refuses("batch_norm", "training");
        Net().Node("batch_norm.default", "y", "input=x", "weight=none:true", "bias=none:true", "running_mean=none:true",
            "running_var=none:true", "training=bool:false", "momentum=float:0.1", "eps=float:0.001", "cudnn_enabled=bool:false")
            .Refuses("batch norm without them takes the batch's own");
        Pt2.Refuses(File.ReadAllBytes(TorchExportFormatTests.Fixture("train-mode.pt2")), "training");
        Pt2 changes = Net().Node("relu.default", "y", "self=x");
        Pt2.Refuses(changes.Bytes(json: changes.Json("{\"buffer_mutation\": {\"arg\": {\"name\": \"y\"}, \"buffer_name\": \"n.count\"}}")),
            "'n.count'", "training");
    }

    [TestMethod]
    public void BatchNorm_WithoutFactors_HasOnesAndZeros()
    {
        using Opened opened = Net().Parameter("m", [2], 3, 4).Node("batch_norm.default", "y", "input=x", "weight=none:true",
            "bias=none:true", "running_mean=p_m", "running_var=p_m", "training=bool:false", "momentum=float:0.1", "eps=float:0.001",
            "cudnn_enabled=bool:true").Open();
        Assert.AreEqual("BatchNormalization(x,[1 1],[0 0],p_m,p_m)->y", opened.Text);
        Assert.AreEqual(0.001, opened.Graph.Nodes[0].Attributes.Float("epsilon", 0));
    }

    private static Pt2 Net() => new Pt2(-1, 4, 8, 8).Parameter("w", [2, 4, 1, 1], 1, 2, 3, 4, 5, 6, 7, 8);
}
