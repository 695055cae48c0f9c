using Interp.Engine.Layers;
using Interp.Tests.Support;
using Interp.Weights;
using Interp.Weights.Architectures;
using Interp.Weights.Checkpoints;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Lowering;

/// <summary>
/// One network, three files: a state dict, an ONNX file of either of PyTorch's exporters, and an exported program become the same layers
/// with the same names, inputs and weights. Identities and dropouts, which the exporters leave out, do not count.
/// </summary>
[TestClass]
public sealed class SameNetworkTests
{
    /// <summary>
    /// Exporters of ONNX files merge batch norms in float32: some ten roundings of 2^-24, of numbers as large as the largest of a tensor.
    /// Here they are merged in float64 and rounded once, so that an exported program has the same bits as a state dict.
    /// </summary>
    private const double MergedInFloat32 = 1e-6;

    /// <summary>All but the two MobileNets, which are narrower here than the state dicts' builders know.</summary>
    [TestMethod]
    [DataRow("alexnet")]
    [DataRow("convnext")]
    [DataRow("densenet")]
    [DataRow("efficientnet")]
    [DataRow("googlenet")]
    [DataRow("mnasnet")]
    [DataRow("regnet_y")]
    [DataRow("resnet")]
    [DataRow("resnext")]
    [DataRow("shufflenet_v2")]
    [DataRow("squeezenet1_0")]
    [DataRow("vgg")]
    public void StateDict_Onnx_AndExportedProgram(string net)
    {
        string folder = SharedFolder.Find($"fixtures/torchvision/{net}");
        using WeightSource file = WeightFormats.Open(Path.Combine(folder, net + ".pth"));
        var weights = new NetworkWeights(file, null);
        string[] graphs = [.. Directory.GetFiles(folder).Where(f => f.EndsWith(".onnx", StringComparison.Ordinal)
            || f.EndsWith(".pt2", StringComparison.Ordinal))];
        Assert.HasCount(3, graphs);
        foreach (string path in graphs)
        {
            using OperatorGraph graph = GraphFormats.Open(path)!;
            ImportedNetwork imported = GraphImporter.Import(graph, new ImportOptions());
            var options = new PlanOptions { InputSize = new Sides(imported.Height, imported.Width) };
            ModelPlan expected = ArchitectureCatalog.Family(weights.Entries, options)
                .Plan(new StateDict(weights.Entries, weights.Modules), options);
            Same(Lines(expected), Lines(imported.Plan), path);
            Compare(expected, weights, imported.Plan, path.EndsWith(".pt2", StringComparison.Ordinal) ? 0 : MergedInFloat32);
        }
    }

    private static void Compare(ModelPlan expected, WeightSource weights, ModelPlan found, double tolerance)
    {
        Dictionary<string, PlannedNode> nodes = found.Nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        foreach (PlannedNode node in expected.Nodes.Where(n => n.Layer is not (Identity or Dropout)))
        {
            for (int i = 0; i < node.Tensors.Length; i++)
            {
                float[] wanted = PlanRun.Values(node.Tensors[i], weights);
                float[] own = PlanRun.Values(nodes[node.Name].Tensors[i], NoSource.Instance);
                float largest = wanted.Max(Math.Abs);
                Assert.HasCount(wanted.Length, own);
                for (int k = 0; k < wanted.Length; k++)
                {
                    Assert.IsLessThanOrEqualTo(tolerance * largest, Math.Abs(own[k] - wanted[k]), $"{node.Tensors[i].Name}[{k}]");
                }
            }
        }
    }

    private static void Same(List<string> expected, List<string> found, string path)
    {
        expected.Sort(StringComparer.Ordinal);
        found.Sort(StringComparer.Ordinal);
        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', found), path);
    }

    /// <summary>Each node with its layer and its inputs; the order of a sum's inputs means nothing.</summary>
    private static List<string> Lines(ModelPlan plan)
    {
        var past = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = new List<string>();
        foreach (PlannedNode node in plan.Nodes)
        {
            string[] inputs = [.. node.Inputs.Select(i => past.GetValueOrDefault(i, i))];
            if (node.Layer is Identity or Dropout)
            {
                past[node.Name] = inputs[0];
                continue;
            }

            lines.Add($"{node.Name} {node.Layer} <- "
                + string.Join(',', node.Layer is Add ? inputs.Order(StringComparer.Ordinal) : inputs));
        }

        return lines;
    }
}
