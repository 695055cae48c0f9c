using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Onnx;

/// <summary>Order, names, functions and graphs within graphs.</summary>
[TestClass]
public class OnnxGraphTests
{
    [TestMethod]
    public void Open_BrokenOrder_IsMended()
    {
        string order = Model.Open(Of(Model.Node("Neg", "b", "y"), Model.Node("Relu", "a", "b"), Model.Node("Abs", "x", "a")), Operators);
        Assert.AreEqual("Abs Relu Neg", order);
    }

    [TestMethod]
    public void Open_GraphsThatContradictThemselves_AreRefused()
    {
        Refuses([Model.Node("Add", "x b", "a", "first", ""), Model.Node("Relu", "a", "b", "second", ""), Model.Node("Relu", "b", "y")],
            "cycle", "node '");
        Refuses([Model.Node("Add", "x y", "y", "self", "")], "cycle", "node 'self'");
        Refuses([Model.Node("Relu", "x", "y"), Model.Node("Abs", "x", "y")], "value 'y' is made twice");
        Refuses([Model.Node("Relu", "x", "x")], "value 'x' is made twice");
        Refuses([Model.Node("Relu", "nothing", "y", "n", "")], "operator Relu (node 'n')", "reads 'nothing', which nothing makes");
        Refuses([Model.Node("Relu", "x", "z")], "output 'y' is made by no operator");
        Refuses([Model.Node("Relu", "x", "y"), Model.Initializer(Model.Floats("", [1], 1))], "initialiser", "no name");
        Refuses([Model.Node("Relu", "x", "y"), Model.Initializer(Model.Floats("w", [1], 1)), Model.Initializer(Model.Floats("w", [1], 1))],
            "value 'w' is made twice");
        Refuses([Model.Node("Relu", "x", "y", Model.Attribute("a", 1L), Model.Attribute("a", 1L))], "attribute 'a' is there twice");
        Refuses([Model.Node("Relu", "x", "y", Model.Attribute("a", 1, a => a.Varint(3, 1)))], "attribute 'a' says that it is of type Float");
        Refuses([Model.Node("Relu", "x", "y", Model.Attribute("a", 0, a => a))], "attribute 'a' holds 0 values");
        Refuses([Model.Node("Relu", "x", "y", Model.Attribute("a", 9, a => a.Message(10, new Proto())))], "attribute 'a' is of type Tensors");
        Refuses([Model.Node("Relu", "x", "y", Model.Reference("a", 1, "b"))], "names an attribute of a function");
        Refuses([Model.Input("s", 8, 1), Model.Node("Relu", "x", "y")], "input 's' is of type string");
        Refuses([new Proto().Message(11, new Proto().Text(1, "s").Message(2, new Proto().Message(4, new Proto()))),
            Model.Node("Relu", "x", "y")], "input 's' is no tensor");
    }

    [TestMethod]
    public void Open_InitialisersAmongTheInputs_AreConstants()
    {
        (string inputs, double[] weight) = Model.Open(
            Of(Model.Input("w", 1, 1), Model.Initializer(Model.Floats("w", [1], 5)), Model.Node("Add", "x w", "y")),
            g => (string.Join(' ', g.Inputs.Select(i => $"{i.Name} {i.Type!.Name}")), g.Constants["w"].Read()));
        Assert.AreEqual("x float32", inputs);
        CollectionAssert.AreEqual(new double[] { 5 }, weight);
    }

    [TestMethod]
    public void Open_ConstantNodes_AreConstants()
    {
        Proto Constant(Proto attribute) => Of(Model.Node("Add", "x w", "y"), Model.Node("Constant", "", "w", attribute));
        (string, string, double[]) Read(Proto attribute) => Model.Open(Constant(attribute), g => (Operators(g),
            $"{g.Constants["w"].Type.Name}[{string.Join(',', g.Constants["w"].Shape)}]", g.Constants["w"].Read()));
        foreach ((Proto attribute, string type, double[] values) in new[]
        {
            (Model.Attribute("value_float", 0.1f), "float32[]", new double[] { 0.1f }), (Model.Attribute("value_int", -3L), "int64[]", [-3]),
            (Model.Attribute("value_floats", 1f, 2f), "float32[2]", [1, 2]), (Model.Attribute("value_ints", 4L, 5), "int64[2]", [4, 5]),
            (Model.TensorAttribute("value", Model.Floats("", [1, 2], 1, 2)), "float32[1,2]", [1, 2]),
            (Model.Attribute("value_int", 2, a => a), "int64[]", [0]),
        })
        {
            (string operators, string found, double[] read) = Read(attribute);
            Assert.AreEqual("Add", operators);
            Assert.AreEqual(type, found);
            CollectionAssert.AreEqual(values, read);
        }

        Model.Refuses(Constant(Model.Attribute("value_string", "a")), "operator Constant (node 'w')", "value_string", "not supported");
        Model.Refuses(Constant(Model.Attribute("value", 4, a => a)), "operator Constant (node 'w')", "of type Tensor");
        Refuses([Model.Node("Constant", "", "y")], "operator Constant", "expected one attribute");
    }

    [TestMethod]
    public void Open_Functions_TakeTheirCallsPlaces()
    {
        Proto f = Model.Function("own", "Twice", "a b", "c d", [
            Model.Node("Mul", "a k", "t"), Model.Node("Constant", "", "k", Model.Reference("value_float", 1, "factor")),
            Model.Node("LeakyRelu", "t", "c", Model.Reference("alpha", 1, "slope")), Model.Node("Identity", "b", "d")],
            Model.Attribute("factor", 2f));
        Proto[] nodes = [
            Model.Node("Twice", "x x", "p q", "/block/Twice", "own", Model.Attribute("slope", 0.5f)),
            Model.Node("Twice", "p", "y", "", "own", Model.Attribute("factor", 3f))];
        Model.Open(Of([.. nodes]).With(f), g =>
        {
            Assert.AreEqual("Mul LeakyRelu Identity Mul LeakyRelu Identity", Operators(g));
            CollectionAssert.AreEqual(new double[] { 2, 3 }, new[] { 0, 3 }.Select(i => g.Constants[g.Nodes[i].Inputs[1]].Read()[0]).ToArray());
            Assert.AreEqual(0.5, g.Nodes[1].Attributes.Float("alpha", 0));
            Assert.IsEmpty(g.Nodes[4].Attributes.Names, "the second call leaves the slope out");
            Assert.AreEqual("p", g.Nodes[1].Outputs.Single());
            Assert.AreEqual("q", g.Nodes[2].Outputs.Single());
            Assert.AreEqual("p", g.Nodes[3].Inputs[0]);
            Assert.AreEqual("y", g.Nodes[4].Outputs.Single());
            Assert.IsEmpty(g.Nodes[5].Inputs, "the second call leaves an input out");
            Assert.AreEqual("block", g.Nodes[0].Module);
            Assert.IsNull(g.Nodes[3].Module);
            return 0;
        });
    }

    [TestMethod]
    public void Open_FunctionsThatCallThemselves_AreRefused()
    {
        Proto call = Model.Node("F", "x", "y", "", "own");
        Proto Function(string name, string inner) => Model.Function("own", name, "a", "b", [Model.Node(inner, "a", "b", "", "own")]);
        Model.Refuses(Of(call).With(Function("F", "F")), "function 'F' calls itself");
        Model.Refuses(Of(call).With(Function("F", "G")).With(Function("G", "F")), "function 'F' calls itself");
        Model.Refuses(Of(call).With(Function("F", "G")).With(Function("F", "G")), "function 'F' is there twice");
        Proto deep = Enumerable.Range(0, 40).Aggregate(
            Of(Model.Node("F0", "x", "y", "", "own")), (m, i) => m.With(Function($"F{i}", $"F{i + 1}")));
        Model.Refuses(deep, "33 deep");
        Model.Refuses(Of(call).With(Model.Function("own", "F", "a", "b", [Model.Node("Relu", "a", "c")])), "does not make its output 'b'");
        Model.Refuses(Of(call).With(Model.Function("own", "F", "", "b", [Model.Node("Relu", "a", "b")])), "called with 1 inputs");
        Model.Refuses(Of(call).With(Model.Function("own", "F", "a", "b", [Model.Node("Relu", "x", "b")])), "reads 'x'");
    }

    [TestMethod]
    public void Open_GraphsInFunctionsInGraphs_AreBounded()
    {
        Proto Function(int i)
        {
            Proto inner = Model.Graph(Model.Node($"F{i + 1}", "a", "t", "", "own"), Model.Output("t"));
            for (int depth = 0; depth < 3; depth++)
            {
                inner = Model.Graph(Model.Node("If", "a", $"t{depth}", Model.GraphAttribute("then_branch", inner)), Model.Output($"t{depth}"));
            }

            return Model.Function("own", $"F{i}", "a", "b", [Model.Node("If", "a", "b", Model.GraphAttribute("then_branch", inner))]);
        }

        Proto model = Enumerable.Range(0, 30).Aggregate(Of(Model.Node("F0", "x", "y", "", "own")), (m, i) => m.With(Function(i)));
        Model.Refuses(model, "more than 64 deep");
    }

    [TestMethod]
    public void Open_CallsThatMultiply_AreRefusedBeforeTheyTakeMemory()
    {
        // 2^30 operators from a file of two kilobytes.
        Proto Double(int i) => Model.Function("own", $"F{i}", "a", "c", [
            Model.Node(i == 29 ? "Relu" : $"F{i + 1}", "a", "b", "", i == 29 ? "" : "own"),
            Model.Node(i == 29 ? "Relu" : $"F{i + 1}", "b", "c", "", i == 29 ? "" : "own")]);
        Proto model = Enumerable.Range(0, 30).Aggregate(Of(Model.Node("F0", "x", "y", "", "own")), (m, i) => m.With(Double(i)));
        Model.Refuses(model, "memory");
    }

    [TestMethod]
    public void Open_GraphsWithinGraphs_KnowWhatIsAroundThem()
    {
        // Both branches name a value alike, and as the graph around them does; one of them reads what is made after it.
        Proto then = Model.GraphAttribute("then_branch", Model.Node("Add", "late w", "t"), Model.Output("t"));
        Proto other = Model.GraphAttribute(
            "else_branch", Model.Node("Relu", "x", "t"), Model.Initializer(Model.Floats("k", [1], 7)), Model.Node("Add", "t k", "u"),
            Model.Output("u"));
        Proto model = Of(
            Model.Input("c", 9, 1), Model.Node("If", "c", "y", then, other), Model.Node("Abs", "x", "late"), Model.Node("Neg", "x", "t"),
            Model.Initializer(Model.Floats("w", [1], 3)));
        Model.Open(model, g =>
        {
            Assert.AreEqual("Abs If Neg", Operators(g));
            OperatorAttributes attributes = g.Nodes[1].Attributes;
            OperatorGraph first = attributes.Graph("then_branch")!, second = attributes.Graph("else_branch")!;
            CollectionAssert.AreEqual(new[] { "late", "w" }, first.Nodes.Single().Inputs.ToArray());
            Assert.AreEqual(first.Outputs.Single().Name, first.Nodes[0].Outputs.Single());
            CollectionAssert.AreEqual(new[] { second.Nodes[0].Outputs[0], "k" }, second.Nodes[1].Inputs.ToArray());
            Assert.AreEqual(7, g.Constants["k"].Read().Single());
            Assert.AreEqual(3, g.Constants["w"].Read().Single());
            Assert.IsEmpty(second.Constants);
            Assert.HasCount(3, new HashSet<string> { "t", first.Outputs[0].Name, second.Nodes[0].Outputs[0] });
            return 0;
        });
    }

    [TestMethod]
    public void Open_FilesThatARuntimeOptimised_AreTranslatedOrRefused()
    {
        Proto[] weights = [Model.Initializer(Model.Floats("w", [1, 1, 1, 1], 1)), Model.Initializer(Model.Floats("b", [1], 1))];
        Proto Fused(string inputs, params Proto[] attributes) => Of(
            [.. weights, Model.Node("FusedConv", inputs, "y", "/conv/Conv", "com.microsoft", attributes)]);
        Assert.AreEqual("Conv Add LeakyRelu", Model.Open(Fused("x w b x", Model.Attribute("activation", "LeakyRelu"),
            Model.Attribute("activation_params", new[] { 0.25f }), Model.Attribute("group", 1L)), Operators));
        Assert.AreEqual("Conv Clip", Model.Open(
            Fused("x w b", Model.Attribute("activation", "Clip"), Model.Attribute("activation_params", 0f, 6f)), Operators));
        Assert.AreEqual("Conv", Model.Open(Fused("x w"), Operators));
        Model.Refuses(Fused("x w", Model.Attribute("activation", "Odd")), "activation 'Odd'");
        foreach ((string type, string inputs, string made) in
            new[] { ("Gelu", "x", "Gelu"), ("FastGelu", "x", "Gelu"), ("BiasGelu", "x b", "Add Gelu"), ("FastGelu", "x b", "Add Gelu") })
        {
            Assert.AreEqual(made, Model.Open(Of([.. weights, Model.Node(type, inputs, "y", "", "com.microsoft")]), Operators));
        }

        Refuses([Model.Node("SkipLayerNormalization", "x x", "y", "n", "com.microsoft")],
            "operator com.microsoft.SkipLayerNormalization (node 'n')", "ONNX Runtime's own", "bring the file");
        Refuses([Model.Node("Conv", "x x", "y", "n", "com.microsoft.nchwc")], "operator com.microsoft.nchwc.Conv", "bring the file");
        Refuses([Model.Node("QLinearAdd", "x x", "y", "n", "com.microsoft")], "QLinearAdd", "bring the float model");
    }

    [TestMethod]
    public void Open_Quantised_OnlyOfConstants()
    {
        Proto[] weights = [Model.Initializer(Model.Tensor("q", 3, [1]).Blob(9, [5])), Model.Initializer(Model.Floats("s", [], 0.5f))];
        Assert.AreEqual("DequantizeLinear Add", Model.Open(
            Of([.. weights, Model.Node("DequantizeLinear", "q s", "w"), Model.Node("Add", "x w", "y")]), Operators));
        Refuses([.. weights, Model.Node("QuantizeLinear", "x s", "i", "n", ""), Model.Node("DequantizeLinear", "i s", "y")],
            "operator QuantizeLinear (node 'n')", "float model");
        Refuses([.. weights, Model.Node("QLinearConv", "x s", "y")], "QLinearConv", "float model");
        Refuses([.. weights, Model.Node("ConvInteger", "x q", "y")], "ConvInteger", "float model");
    }

    [TestMethod]
    [DataRow("names", "{0: 'a \\'b\\'', 1: \"c\"}", new[] { "a 'b'", "c" })]
    [DataRow("names", "{\"1\": \"b\", \"0\": \"a\"}", new[] { "a", "b" })]
    [DataRow("labels", "['a', \"b\",]", new[] { "a", "b" })]
    [DataRow("classes", "a,b, c", new[] { "a", "b", "c" })]
    [DataRow("character", "0\n90\n180\n", new[] { "0", "90", "180" })]
    [DataRow("character", "0\n90", new[] { "0", "90" })]
    [DataRow("names", "{0: 'a', 2: 'b'}", null)]
    [DataRow("names", "['a', 'b'", null)]
    [DataRow("names", "one", null)]
    [DataRow("author", "a,b", null)]
    public void Open_Metadata_HoldsLabels(string key, string value, string[]? labels) => CollectionAssert.AreEqual(
        labels, Model.Open(Of(Model.Node("Relu", "x", "y")).With(Model.Metadata(key, value)), g => g.Labels?.ToArray()));

    private static Proto Of(params Proto[] parts) => Model.Of(17, [Model.Input("x", 1, 0, 3, 8, 8), Model.Output("y"), .. parts]);

    private static void Refuses(Proto[] parts, params string[] words) => Model.Refuses(Of(parts), words);

    private static string Operators(OperatorGraph graph) => string.Join(' ', graph.Nodes.Select(n => n.Operator));
}
