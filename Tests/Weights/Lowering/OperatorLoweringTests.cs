using Interp.Engine.Layers;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering;

namespace Interp.Tests.Weights.Lowering;

/// <summary>Small graphs of each family of operators: the network computes what the graph does, with the layers that it should
/// have.</summary>
[TestClass]
public sealed class OperatorLoweringTests
{
    private static readonly long?[] Image = [null, 3, 9, 8];

    private static string Kinds(GraphMaker maker) => LoweringCheck.Kinds(LoweringCheck.Same(maker.Build()));

    [TestMethod]
    [DataRow("pads", "1,0,2,3")]
    [DataRow("auto_pad", "SAME_UPPER")]
    [DataRow("auto_pad", "SAME_LOWER")]
    [DataRow("auto_pad", "VALID")]
    [DataRow("dilations", "2,1")]
    public void Conv_Windows(string attribute, string value)
    {
        object given = attribute == "auto_pad" ? value : value.Split(',').Select(int.Parse).ToArray();
        GraphMaker maker = new GraphMaker(Image).Conv(3, 4, 3, null, (attribute, given), ("strides", new[] { 2, 1 }));

        Assert.AreEqual("conv2d", Kinds(maker));
    }

    [TestMethod]
    public void Conv_Groups_AndZerosAroundIt_AreItsOwn()
    {
        GraphMaker maker = new GraphMaker(Image).Conv(3, 6, 1);
        maker.Then("Pad", [maker.Whole(0, 0, 1, 2, 0, 0, 0, 3)]).Conv(2, 6, 3, null, ("group", 3), ("pads", new[] { 1, 1, 0, 0 }));
        ImportedNetwork imported = LoweringCheck.Same(maker.Build());

        Assert.AreEqual("conv2d conv2d", LoweringCheck.Kinds(imported));
        Window window = ((Conv2d)imported.Plan.Nodes[2].Layer).Window;
        Assert.AreEqual((new Size2(2, 3), (Size2?)new Size2(0, 3)), (window.Padding, window.PaddingEnd));
    }

    [TestMethod]
    [DataRow(0, false)]
    [DataRow(1, false)]
    [DataRow(0, true)]
    [DataRow(1, true)]
    public void Pools_RoundedUp_Padded_AndCounted(int counted, bool pad)
    {
        GraphMaker maker = new GraphMaker(Image).Conv(3, 4, 1);
        if (pad)
        {
            maker.Then("Pad", [maker.Whole(0, 0, 1, 0, 0, 0, 0, 1)]);
        }

        maker.Then("AveragePool", null, null, ("kernel_shape", new[] { 3, 2 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1),
            ("pads", pad && counted == 0 ? new[] { 0, 0, 0, 0 } : [1, 1, 1, 0]), ("count_include_pad", counted));
        maker.Then("MaxPool", null, null, ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 1 }), ("ceil_mode", 1));

        string between = pad && counted == 0 ? " constantpad2d" : ""; // Its windows rounded up begin in the zeros.
        Assert.AreEqual($"conv2d{between} avgpool2d maxpool2d", Kinds(maker));
    }

    [TestMethod]
    public void MaxPool_MorePaddingAtTheEnd_IsRoundedUp()
    {
        GraphMaker maker = new GraphMaker(Image).Conv(3, 4, 1)
            .Then("MaxPool", null, null, ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("pads", new[] { 0, 0, 1, 1 }));
        ImportedNetwork imported = LoweringCheck.Same(maker.Build());

        Assert.AreEqual(new MaxPool2d(Window.Square(3, stride: 2), CeilMode: true), imported.Plan.Nodes[2].Layer);
    }

    [TestMethod]
    [DataRow("constant", "pad2d", 0)]
    [DataRow("constant", "pad2d", 2)]
    [DataRow("reflect", "pad2d", 0)]
    [DataRow("edge", "pad2d", 0)]
    public void Pad_BeforeAPool_IsALayer(string mode, string kind, int value)
    {
        GraphMaker maker = new GraphMaker(Image).Conv(3, 4, 1);
        maker.Then("Pad", [maker.Whole(0, 0, 1, 2, 0, 0, 3, 1), maker.Constant([], value)], null, ("mode", mode));
        maker.Then("MaxPool", null, null, ("kernel_shape", new[] { 2, 2 }));

        Assert.Contains(kind[..3], Kinds(maker));
    }

    [TestMethod]
    public void Means_OverWholeMaps_InAnyLayout()
    {
        GraphMaker maker = new GraphMaker(Image).Conv(3, 4, 1);
        maker.Then("Transpose", null, null, ("perm", new[] { 0, 2, 3, 1 }));
        maker.Then("ReduceMean", [maker.Whole(1, 2)], null, ("keepdims", 0));
        maker.Then("Gemm", [maker.Parameter(0, 1, 4, 5)]);

        Assert.AreEqual("conv2d adaptive_avgpool2d flatten linear", Kinds(maker));
    }

    [TestMethod]
    public void Flatten_ChannelsLast_PermutesTheMatrix()
    {
        GraphMaker maker = new GraphMaker(Image).Conv(3, 4, 3);
        maker.Then("Transpose", null, null, ("perm", new[] { 0, 2, 3, 1 }));
        maker.Then("Reshape", [maker.Whole(-1, 7 * 6 * 4)]);
        maker.Then("MatMul", [maker.Parameter(0, 1, 7 * 6 * 4, 5)]).Then("Add", [maker.Parameter(0, 1, 5)]);

        Assert.AreEqual("conv2d flatten linear", Kinds(maker));
    }

    [TestMethod]
    public void MatMul_OverChannels_IsAConvolutionOfOnePixel()
    {
        GraphMaker maker = new GraphMaker(Image).Conv(3, 4, 3);
        maker.Then("Transpose", null, null, ("perm", new[] { 0, 2, 3, 1 }));
        maker.Then("Reshape", [maker.Whole(0, -1, 4)]);
        maker.Then("LayerNormalization", [maker.Parameter(1, 0.5, 4), maker.Parameter(0, 1, 4)], null, ("epsilon", 1e-3));
        maker.Then("MatMul", [maker.Parameter(0, 1, 4, 6)]).Then("Add", [maker.Parameter(0, 1, 6)]);
        maker.Then("Reshape", [maker.Whole(0, 7, 6, 6)]).Then("Transpose", null, null, ("perm", new[] { 0, 3, 1, 2 }));
        maker.Conv(6, 2, 3);

        Assert.AreEqual("conv2d layernorm conv2d conv2d", Kinds(maker));
    }

    [TestMethod]
    public void Gemm_FactorsAndBothTransposes()
    {
        GraphMaker maker = new GraphMaker(Image).Conv(3, 4, 3).Then("Flatten").Then("Transpose");
        maker.Then("Gemm", [maker.Parameter(0, 1, 5, 168), maker.Constant([1, 1], 0.5)], null,
            ("transA", 1), ("transB", 1), ("alpha", 0.25), ("beta", 3.0));
        string matrix = maker.Parameter(0, 1, 6, 5);
        maker.Then("Transpose");
        maker.Add("MatMul", [matrix, maker.Last]);
        maker.Then("Transpose");

        Assert.AreEqual("conv2d flatten linear linear", Kinds(maker));
    }

    [TestMethod]
    public void BatchNorm_MergesOnlyWhereNothingElseReads()
    {
        GraphMaker maker = new GraphMaker(Image);
        string conv = maker.Conv(3, 4, 3).Last;
        string norm = maker.Then("BatchNormalization", Norm(maker)).Last;
        ImportedNetwork merged = LoweringCheck.Same(maker.Build());
        maker.Add("Add", [conv, norm]);
        ImportedNetwork apart = LoweringCheck.Same(maker.Build());

        Assert.AreEqual("conv2d", LoweringCheck.Kinds(merged));
        Assert.AreEqual("conv2d affine add", LoweringCheck.Kinds(apart));
    }

    [TestMethod]
    public void Affine_OfOneModule_Merges_OfAnother_DoesNot()
    {
        GraphMaker maker = new GraphMaker(Image).Conv(3, 4, 3, "a");
        maker.Then("Add", [maker.Parameter(0, 1, 4, 1, 1)], "a").Then("Mul", [maker.Parameter(0, 1, 1, 4, 1, 1)], "b");
        maker.Then("Sub", [maker.Parameter(0, 1, 4, 1, 1)], "b").Then("Div", [maker.Parameter(2, 1, 4, 1, 1)], "b");

        Assert.AreEqual("conv2d affine", Kinds(maker));
    }

    [TestMethod]
    public void Gate_InBothLayouts_AndFromFeatures()
    {
        GraphMaker maker = new GraphMaker(Image);
        string map = maker.Conv(3, 4, 3).Then("Transpose", null, null, ("perm", new[] { 0, 2, 3, 1 })).Last;
        maker.Then("ReduceMean", [maker.Whole(1, 2)], null, ("keepdims", 0));
        maker.Then("Gemm", [maker.Parameter(0, 1, 4, 3), maker.Parameter(0, 1, 3)]).Then("Relu");
        maker.Then("Gemm", [maker.Parameter(0, 1, 3, 4), maker.Parameter(0, 1, 4)]).Then("Sigmoid");
        maker.Then("Reshape", [maker.Whole(-1, 1, 1, 4)]);
        maker.Add("Mul", [maker.Last, map]);
        maker.Then("Transpose", null, null, ("perm", new[] { 0, 3, 1, 2 }));

        Assert.AreEqual("conv2d adaptive_avgpool2d conv2d relu conv2d sigmoid multiply", Kinds(maker));
    }

    [TestMethod]
    public void Shuffle_Slices_AndAnyOtherOrderOfChannels()
    {
        GraphMaker maker = new GraphMaker(Image).Conv(3, 6, 1);
        maker.Then("Reshape", [maker.Whole(0, 2, 3, 9, 8)]).Then("Transpose", null, null, ("perm", new[] { 0, 2, 1, 3, 4 }));
        maker.Then("Reshape", [maker.Whole(0, 6, 9, 8)]);
        string[] halves = maker.Add("Split", [maker.Last, maker.Whole(2, 4)], 2, null, ("axis", 1));
        maker.Add("Gather", [halves[1], maker.Whole(3, 0, -2)], null, ("axis", 1));
        maker.Add("Concat", [maker.Last, halves[0]], null, ("axis", -3));

        ImportedNetwork imported = LoweringCheck.Same(maker.Build());
        Assert.AreEqual("conv2d channel_shuffle conv2d", LoweringCheck.Kinds(imported));
        LoweringCheck.Same(maker.Conv(5, 2, 3).Build());
    }

    [TestMethod]
    public void Concat_AlongChannels_InBothLayouts()
    {
        GraphMaker maker = new GraphMaker(Image);
        string a = maker.Conv(3, 2, 1).Last;
        maker.Add("Conv", ["image", maker.Parameter(0, 1, 3, 3, 1, 1)]);
        string b = maker.Then("Transpose", null, null, ("perm", new[] { 0, 2, 3, 1 })).Last;
        maker.Add("Transpose", [a], null, ("perm", new[] { 0, 2, 3, 1 }));
        maker.Add("Concat", [b, maker.Last, b], null, ("axis", 3));
        maker.Then("Transpose", null, null, ("perm", new[] { 0, 3, 1, 2 })).Conv(8, 2, 3);

        Assert.AreEqual("conv2d conv2d concat conv2d", Kinds(maker));
    }

    [TestMethod]
    public void ColoursOneByOne_AreAScaleAndAShift()
    {
        GraphMaker maker = new GraphMaker(Image);
        string[] colours = [.. Enumerable.Range(0, 3).Select(c =>
        {
            maker.Add("Gather", ["image", maker.Constant([], c)], null, ("axis", 1));
            maker.Then("Unsqueeze", [maker.Whole(1)]).Then("Mul", [maker.Constant([], 0.4 + c)]).Then("Add", [maker.Constant([], -c)]);
            return maker.Last;
        })];
        maker.Add("Concat", colours, null, ("axis", 1));

        Assert.AreEqual("affine conv2d", Kinds(maker.Conv(3, 2, 3)));
    }

    [TestMethod]
    public void SameOperandTwice()
    {
        GraphMaker maker = new GraphMaker(Image).Conv(3, 4, 1);
        string x = maker.Last;
        string square = maker.Add("Mul", [x, x]);
        string twice = maker.Add("Add", [x, x]);
        string nothing = maker.Add("Sub", [x, maker.Add("Add", [x, maker.Constant([], 1)])]);
        maker.Add("Concat", [square, square, twice, nothing], null, ("axis", 1));

        Assert.AreEqual("conv2d multiply affine affine concat", Kinds(maker));
    }

    [TestMethod]
    public void Sums_Differences_Means_AndExtrema_OfMaps()
    {
        GraphMaker maker = new GraphMaker(Image);
        string a = maker.Conv(3, 4, 1).Last;
        string b = maker.Add("Conv", ["image", maker.Parameter(0, 1, 4, 3, 1, 1)]);
        string c = maker.Add("Conv", ["image", maker.Parameter(0, 1, 4, 3, 1, 1)]);
        maker.Add("Sub", [maker.Add("Sum", [a, b, c]), maker.Add("Mean", [a, b])]);
        maker.Add("Max", [maker.Last, a, b]);
        maker.Add("Min", [maker.Last, c]);

        LoweringCheck.Same(maker.Build());
    }

    [TestMethod]
    public void ChannelsLastInput_IsTurned()
    {
        GraphMaker maker = new GraphMaker([null, 9, 8, 3]);
        maker.Then("Mul", [maker.Parameter(1, 0.5, 3)]).Then("Transpose", null, null, ("perm", new[] { 0, 3, 1, 2 })).Conv(3, 2, 3);
        OperatorGraph graph = maker.Build();

        Assert.AreEqual("affine conv2d", LoweringCheck.Kinds(LoweringCheck.Same(graph, last: true)));
    }

    [TestMethod]
    public void BatchOfFour_Runs_AndOneThatMixesImages_RunsAlone()
    {
        GraphMaker four = new GraphMaker([4, 3, 9, 8]).Conv(3, 4, 3);
        four.Then("Reshape", [four.Whole(4, -1)]).Then("Gemm", [four.Parameter(0, 1, 168, 2)]);
        LoweringCheck.Same(four.Build());

        GraphMaker mixed = new GraphMaker(Image).Conv(3, 4, 3);
        mixed.Then("Reshape", [mixed.Whole(1, -1)]).Then("Gemm", [mixed.Parameter(0, 1, 168, 2)]);
        ImportedNetwork imported = GraphImporter.Import(mixed.Build(), new ImportOptions());
        Assert.Contains("one image at a time", string.Join(' ', imported.Plan.Assumptions));
        Assert.AreEqual("conv2d flatten linear", LoweringCheck.Kinds(imported));
    }

    private static string[] Norm(GraphMaker maker) =>
        [maker.Parameter(1, 0.5, 4), maker.Parameter(0, 1, 4), maker.Parameter(0, 1, 4), maker.Parameter(1.5, 1, 4)];
}
