using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Lowering;

/// <summary>What comes in, what comes out, and what is refused, in one line that names the operator.</summary>
[TestClass]
public sealed class GraphImporterTests
{
    private static readonly ImportOptions None = new();

    [TestMethod]
    [DataRow("Softmax", "softmax")]
    [DataRow("LogSoftmax", "softmax")]
    [DataRow("Sigmoid", "sigmoid")]
    public void LastActivation_IsTheNetworks(string op, string expected)
    {
        GraphMaker maker = Classifier().Then(op).Then("Identity");
        ImportedNetwork imported = GraphImporter.Import(maker.Build(), None);

        Assert.AreEqual(OutputActivation.All.Find(expected), imported.Activation);
        Assert.AreEqual("conv2d adaptive_avgpool2d flatten linear", LoweringCheck.Kinds(imported));
    }

    [TestMethod]
    public void ScoresOfOnePixel_BecomeFeatures()
    {
        GraphMaker maker = new GraphMaker([null, 3, 6, 5]).Conv(3, 4, 3).Then("GlobalAveragePool").Then("Softmax", null, null, ("axis", 1));

        Assert.AreEqual("conv2d adaptive_avgpool2d flatten", LoweringCheck.Kinds(GraphImporter.Import(maker.Build(), None)));
    }

    [TestMethod]
    public void Import_MoreLayersThanANetworkMayHave_IsRefused()
    {
        var maker = new GraphMaker([null, 3, 8, 8]);
        string weight = maker.Parameter(0, 1, 3, 3, 1, 1);
        for (int i = 0; i < 25_000; i++)
        {
            maker.Then("Conv", [weight]);
        }

        OperatorGraph graph = maker.Build();
        Errors.Of<ModelException>(() => GraphImporter.Import(graph, new ImportOptions()), "20000 layers", "at most 10000");
    }

    [TestMethod]
    public void ManyOperatorsThatDoNothing_AreNoDeepExpression()
    {
        var maker = new GraphMaker([null, 3, 4, 4]);
        maker.Then("Add", [maker.Constant([], 1)]);
        for (int i = 0; i < 100_000; i++)
        {
            maker.Then("Identity");
        }

        Assert.AreEqual("affine relu", LoweringCheck.Kinds(GraphImporter.Import(maker.Then("Relu").Build(), None)));
    }

    [TestMethod]
    public void Gate_OfFeaturesThatAreReadTwice_IsMadeOnce()
    {
        GraphMaker maker = new GraphMaker([null, 3, 4, 5]).Conv(3, 4, 3);
        string map = maker.Last;
        maker.Then("GlobalAveragePool").Then("Flatten").Then("Gemm", [maker.Parameter(0, 0.5, 4, 4), maker.Parameter(0, 0.5, 4)]);
        for (int i = 0; i < 30; i++)
        {
            string x = maker.Last;
            maker.Add("Add", [x, maker.Add("Sigmoid", [x])]);
        }

        maker.Then("Reshape", [maker.Whole(0, 0, 1, 1)]);
        maker.Add("Mul", [map, maker.Last]);

        ImportedNetwork imported = LoweringCheck.Same(maker.Build());
        Assert.AreEqual(30, LoweringCheck.Kinds(imported).Split(' ').Count(k => k == "sigmoid"));
    }

    [TestMethod]
    public void Outputs_TheOnlyOne_TheLastScores_OrTheAsked()
    {
        GraphMaker maker = Classifier();
        string scores = maker.Last;
        string map = maker.Add("Relu", ["Conv_0:0"]);
        OperatorGraph graph = maker.Build(scores, map);
        GraphPort[] ports = [new(scores, ElementType.Float32, [null, 2]), new(map, ElementType.Float32, [null, 4, 4, 3])];
        graph = With(graph, ports);

        Assert.Contains("linear", LoweringCheck.Kinds(GraphImporter.Import(graph, None)));
        Assert.AreEqual("conv2d relu", LoweringCheck.Kinds(GraphImporter.Import(graph, None with { Output = map })));
        Errors.Of<InputException>(() => GraphImporter.Import(graph, None with { Output = "no" }), "option 'output' no", scores, map);
        OperatorGraph open = With(graph, [ports[0] with { Shape = null }, ports[1]]);
        Errors.Of<ModelException>(() => GraphImporter.Import(open, None), "several outputs", scores, map, "option 'output'");
    }

    [TestMethod]
    public void InputSize_FillsWhatIsOpen_AndMustFitWhatIsNot()
    {
        OperatorGraph open = new GraphMaker([null, 3, null, 20]).Conv(3, 4, 3).Build();

        ImportedNetwork asked = GraphImporter.Import(open, None with { InputSize = new Sides(16, 20) });
        Assert.AreEqual((16, 20), (asked.Height, asked.Width));
        ImportedNetwork usual = GraphImporter.Import(open, None);
        Assert.AreEqual((224, 20), (usual.Height, usual.Width));
        Assert.Contains("option 'input-size'", usual.Plan.Assumptions[0]);
        Errors.Of<InputException>(() => GraphImporter.Import(open, None with { InputSize = new Sides(16, 16) }), "width 20");
    }

    [TestMethod]
    public void InputsThatAreNoImages_AreRefused()
    {
        OperatorGraph row = new GraphMaker([null, 8]).Then("Relu").Build();
        OperatorGraph large = new GraphMaker([null, 3, 100_000, 100_000]).Then("Relu").Build();
        Errors.Of<ModelException>(() => GraphImporter.Import(row, None), "'image' [N,8]", "[N,C,H,W]");
        Errors.Of<ModelException>(() => GraphImporter.Import(large, None), "at most");
        OperatorGraph one = Classifier().Build();
        var two = new OperatorGraph
        {
            Path = one.Path,
            Origin = one.Origin,
            Inputs = [.. one.Inputs, new GraphPort("second", null, [null, 4])],
            Outputs = one.Outputs,
            Nodes = one.Nodes,
            Constants = one.Constants,
        };
        Errors.Of<ModelException>(() => GraphImporter.Import(two, None), "2 inputs", "'second' [N,4]");
    }

    [TestMethod]
    public void WhatNoLayerComputes_IsRefusedByName()
    {
        Refused(m => m.Then("GridSample", [m.Parameter(0, 1, 1, 2)], "warp"), "operator GridSample (node 'GridSample_1', module 'warp')");
        Refused(m => m.Then("ArgMax"), "operator ArgMax", "no gradient");
        Refused(m => m.Then("Conv", [m.Parameter(0, 1, 4, 4, 1, 1), m.Parameter(0, 1, 3)]), "operator Conv", "[3]", "[4]");
        Refused(m => m.Then("Conv", [m.Parameter(0, 1, 4, 3, 1, 1)]), "operator Conv", "3 input channels", "has 4");
        Refused(m => m.Then("Relu", null, null, ("unheard", 1)), "operator Relu", "'unheard'");
        Refused(m => m.Then("Softmax").Then("Relu"), "operator Softmax", "attention");
        Refused(m => m.Then("Mul", [m.Parameter(0, 1, 4, 3)]), "operator Mul", "[4,3]", "differs within the channels");
        Refused(m => m.Add("MatMul", [m.Last, m.Last]), "operator MatMul", "attention");
        Refused(m => m.Then("ReduceMean", [m.Whole(0, 1)]), "operator ReduceMean");
        Refused(m => m.Then("BatchNormalization", [.. Enumerable.Range(0, 4).Select(_ => m.Parameter(1, 0.1, 4))], null,
            ("training_mode", 1)), "operator BatchNormalization", "model.eval()");
        Refused(m => m.Then("Resize", ["", m.Constant([4], 1, 1, 2, 2)], null, ("mode", "linear")), "operator Resize", "linear");
        Refused(m => m.Then("MaxPool", null, null, ("kernel_shape", new[] { 2, 2, 2 })), "operator MaxPool", "kernel_shape");
        Refused(m => m.Then("AveragePool", null, null, ("kernel_shape", new[] { 2, 2 }), ("dilations", new[] { 2, 1 })),
            "operator AveragePool", "dilation");
        Refused(m => m.Then("Cast", null, null, ("to", 7)), "operator Cast", "int64");
    }

    [TestMethod]
    public void Condition_OnAConstant_TakesItsBranch_OnTheImage_IsRefused()
    {
        var maker = new GraphMaker([null, 3, 6, 5]);
        string x = maker.Conv(3, 4, 3).Last;
        OperatorGraph Branch(string op, double value) => new()
        {
            Path = "",
            Origin = "",
            Inputs = [],
            Outputs = [new GraphPort($"{op}_out", null, null)],
            Nodes = [new OperatorNode(op, op, null, [x, "own"], [$"{op}_out"], OperatorAttributes.None)],
            Constants = new Dictionary<string, GraphTensor>
            {
                ["own"] = new Interp.Weights.Graphs.HeldTensor(ElementType.Float32, [], [value]),
            },
        };
        (string, object)[] branches = [("then_branch", Branch("Mul", 3)), ("else_branch", Branch("Pow", 0.5))];
        maker.Add("If", [maker.Constant([], 1)], null, branches);

        Assert.AreEqual("conv2d affine", LoweringCheck.Kinds(GraphImporter.Import(maker.Build(), None)));

        maker.Add("ReduceMean", [x, maker.Whole(0, 1, 2, 3)], null, ("keepdims", 0));
        maker.Then("Greater", [maker.Constant([], 0)]).Then("If", null, null, branches);
        Errors.Of<ModelException>(() => GraphImporter.Import(maker.Build(), None), "operator If", "depends on the image");
    }

    private static void Refused(Action<GraphMaker> add, params string[] words)
    {
        GraphMaker maker = new GraphMaker([null, 3, 6, 5]).Conv(3, 4, 3);
        add(maker);
        Errors.Of<ModelException>(() => GraphImporter.Import(maker.Build(), None), words);
    }

    private static GraphMaker Classifier()
    {
        GraphMaker maker = new GraphMaker([null, 3, 6, 5]).Conv(3, 4, 3).Then("GlobalAveragePool").Then("Flatten");
        return maker.Then("Gemm", [maker.Parameter(0, 1, 4, 2), maker.Parameter(0, 1, 2)]);
    }

    private static OperatorGraph With(OperatorGraph graph, GraphPort[] outputs) => new()
    {
        Path = graph.Path,
        Origin = graph.Origin,
        Inputs = graph.Inputs,
        Outputs = [.. outputs],
        Nodes = graph.Nodes,
        Constants = graph.Constants,
    };
}
