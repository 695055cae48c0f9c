using Interp.Weights.Graphs;
using Interp.Weights.Lowering;

namespace Interp.Tests.Weights.Lowering;

[TestClass]
public sealed class ModuleNamesTests
{
    private static string Names(GraphMaker maker) => LoweringCheck.Names(GraphImporter.Import(maker.Build(), new ImportOptions()));

    [TestMethod]
    public void Modules_GiveTorchvisionsNames()
    {
        GraphMaker maker = new GraphMaker([null, 3, 6, 5]).Conv(3, 4, 3, "stem.0").Then("Relu", module: "stem.1");
        string x = maker.Last;
        string a = maker.Conv(4, 4, 1, "block.conv1").Then("Relu", module: "block").Last;
        maker.Add("Conv", [a, maker.Parameter(0, 1, 4, 4, 1, 1)], "block.conv2");
        maker.Add("Add", [maker.Last, x], "block");
        maker.Then("Relu", module: "block");
        maker.Then("GlobalAveragePool", module: "pool").Then("Flatten", module: "").Then("Gemm", [maker.Parameter(0, 1, 4, 2)], "fc");

        Assert.AreEqual("stem.0 stem.1 block.conv1 block.relu block.conv2 block.add block.relu_1 pool flatten fc", Names(maker));
    }

    [TestMethod]
    public void LeafOfSeveralLayers_GivesEachItsFunction()
    {
        GraphMaker maker = new GraphMaker([null, 3, 6, 5]).Conv(3, 4, 3, "conv").Then("Relu", module: "conv").Conv(4, 2, 1, "last");

        Assert.AreEqual("conv.conv2d conv.relu last", Names(maker));
    }

    [TestMethod]
    public void WithoutModules_NamesAreTheFiles_AndUnique()
    {
        GraphMaker maker = new GraphMaker([null, 3, 6, 5]).Conv(3, 4, 3).Then("Relu");
        maker.Then("Reshape", [maker.Whole(0, -1)]).Then("Gemm", [maker.Parameter(0, 1, 48, 2)]);

        Assert.AreEqual("Conv_0 Relu_1 Reshape_2 Gemm_3", Names(maker));
    }

    [TestMethod]
    public void OddNames_AreMadeSafe()
    {
        string[] labels = ["a\nb", "", "", "input", new string('n', 500), "/x/y/", "input"];
        var graph = new OperatorGraph
        {
            Path = "odd.onnx",
            Origin = "",
            Inputs = [new GraphPort("image", null, [1, 3, 4, 4])],
            Outputs = [new GraphPort("v6", null, null)],
            Nodes = [.. labels.Select((label, i) =>
                new OperatorNode("MaxPool", label, null, [i == 0 ? "image" : $"v{i - 1}"], [$"v{i}"], Kernel()))],
            Constants = new Dictionary<string, GraphTensor>(),
        };

        string names = LoweringCheck.Names(GraphImporter.Import(graph, new ImportOptions()));

        Assert.AreEqual($"a_b max_pool2d max_pool2d_1 input_1 {new string('n', 200)} x.y input_2", names);
    }

    [TestMethod]
    public void NormMergedByTheExporter_LeavesTheConvolutionItsName()
    {
        var maker = new GraphMaker([null, 3, 6, 5]);
        OperatorGraph graph = maker.Conv(3, 4, 3, "stem.1").Then("Relu", module: "stem.2").Build();
        OperatorNode conv = graph.Nodes[0];
        var renamed = new OperatorGraph
        {
            Path = graph.Path,
            Origin = graph.Origin,
            Inputs = graph.Inputs,
            Outputs = graph.Outputs,
            Nodes = [conv with { Inputs = ["image", "stem.0.weight", "stem.0.weight_bias"] }, graph.Nodes[1]],
            Constants = new Dictionary<string, GraphTensor>
            {
                ["stem.0.weight"] = graph.Constants[conv.Inputs[1]],
                ["stem.0.weight_bias"] = graph.Constants[conv.Inputs[2]],
            },
        };

        Assert.AreEqual("stem.0 stem.1 stem.2", LoweringCheck.Names(GraphImporter.Import(renamed, new ImportOptions())));
    }

    private static OperatorAttributes Kernel() =>
        new(new Dictionary<string, object> { ["kernel_shape"] = System.Collections.Immutable.ImmutableArray.Create(1L, 1L) });
}
