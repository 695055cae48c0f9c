using System.Collections.Immutable;
using System.Globalization;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Weights.Architectures;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Architectures;

/// <summary>Every network that torchvision builds becomes, from the names and shapes of its state dict alone, the graph that torchvision
/// runs.</summary>
[TestClass]
public sealed class TorchvisionGraphTests
{
    public static IEnumerable<object[]> Networks => TorchvisionTable.All.Select(t => new object[] { t.Name });

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Plan_NodesAreTorchvisions(string name)
    {
        var table = TorchvisionTable.Of(name);
        Network network = Build(table);
        ImmutableArray<Shape> shapes = network.Shapes(1, table.InputSize, table.InputSize);
        string[] found = [.. network.Nodes.Skip(1).Select(n => Line(
            n.Name, n.Layer.Kind, shapes[n.Id], n.Inputs.Select(i => network.Nodes[i].Name), Attributes(n.Layer)))];
        string[] expected = [.. table.Nodes.Select(n => Line(
            n.Name, n.Function.Length > 0 ? n.Function : n.Kind, n.Shape, n.Inputs,
            n.Attributes.Where(a => a.Key is not ("scale" or "shift") && (a.Key != "eps" || n.Kind == "layernorm"))))];

        for (int i = 0; i < Math.Min(found.Length, expected.Length); i++)
        {
            Assert.AreEqual(expected[i], found[i], $"node {i}");
        }

        Assert.HasCount(expected.Length, found);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Aliases_AreTheModules(string name)
    {
        var table = TorchvisionTable.Of(name);
        Network network = Build(table);
        foreach ((string module, string node) in table.Aliases)
        {
            Assert.AreEqual(node, network.Find(module).Name, module);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Matches_OneFamily(string name)
    {
        var dict = new StateDict(Entries(TorchvisionTable.Of(name)));
        string[] families = [.. ArchitectureCatalog.Inferable.Where(a => a.Matches(dict)).Select(a => a.Name)];

        Assert.HasCount(1, families, string.Join(", ", families));
        Assert.AreEqual(families[0], ArchitectureCatalog.Find(name).Name);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Plan_EpsilonIsTheNetworks(string name)
    {
        var table = TorchvisionTable.Of(name);
        string[] expected = [.. table.Nodes.Where(n => n.Kind is "identity" or "affine" && n.Attributes.ContainsKey("eps"))
            .Select(n => n.Attributes["eps"]).Distinct()];
        string said = string.Join(" ", ArchitectureCatalog.Plan(Entries(table)).Assumptions);

        Assert.IsLessThan(2, expected.Length);
        foreach (string epsilon in expected)
        {
            string text = double.Parse(epsilon, CultureInfo.InvariantCulture) == 1e-5 ? "epsilon is 1e-5" : "epsilon is 0.001";
            Assert.Contains(text, said);
        }
    }

    internal static ImmutableArray<WeightEntry> Entries(TorchvisionTable table) =>
        [.. table.Tensors.Select(t => new WeightEntry(
            t.Name, t.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? "int64" : "float32",
            [.. t.Shape.Dims.Select(d => (long)d)]))];

    private static Network Build(TorchvisionTable table)
    {
        ModelPlan plan = ArchitectureCatalog.Plan(Entries(table), new PlanOptions { InputSize = table.InputSize });
        var builder = new NetworkBuilder(3);
        foreach (PlannedNode node in plan.Nodes.Skip(1))
        {
            builder.Add(node.Name, node.Layer, node.Inputs.AsSpan(),
                [.. node.Tensors.Select(t => new Weight(t.Name, t.Shape, DType.Float32, 0, null))]);
        }

        return builder.Build(table.Name, Preprocessing.ImageNet.WithInputSize(table.InputSize));
    }

    /// <summary>The order of a sum's two inputs means nothing.</summary>
    private static string Line(
        string name, string kind, Shape shape, IEnumerable<string> inputs, IEnumerable<KeyValuePair<string, string>> attributes) =>
        $"{name} {kind} {shape} <- {string.Join(',', kind == Add.Name ? inputs.Order(StringComparer.Ordinal) : inputs)} "
        + string.Join(' ', attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));

    /// <summary>As the tables have them: usual values are left out.</summary>
    private static Dictionary<string, string> Attributes(Layer layer)
    {
        var all = new Dictionary<string, string>();
        switch (layer)
        {
            case Conv2d conv:
                Set(conv.Window);
                Put("groups", $"{conv.Groups}", "1");
                break;
            case MaxPool2d pool:
                Set(pool.Window);
                Put("ceil", pool.CeilMode ? "1" : "0", "0");
                break;
            case AvgPool2d pool:
                Set(pool.Window);
                Put("ceil", pool.CeilMode ? "1" : "0", "0");
                Put("include_padding", pool.CountPadding ? "1" : "0", "1");
                break;
            case AdaptiveAvgPool2d pool:
                all["size"] = Text(pool.Output);
                break;
            case LayerNorm norm:
                all["eps"] = norm.Epsilon.ToString("R", CultureInfo.InvariantCulture).Replace("E-06", "e-06", StringComparison.Ordinal);
                break;
            case ChannelSlice slice:
                (all["start"], all["count"]) = ($"{slice.First}", $"{slice.Count}");
                break;
            case ChannelShuffle shuffle:
                all["groups"] = $"{shuffle.Groups}";
                break;
        }

        return all;

        void Set(Window window)
        {
            all["kernel"] = Text(window.Kernel);
            Put("stride", Text(window.Stride), "1");
            Put("padding", Text(window.Padding), "0");
            Put("dilation", Text(window.Dilation), "1");
        }

        void Put(string key, string value, string usual)
        {
            if (value != usual)
            {
                all[key] = value;
            }
        }
    }

    private static string Text(Size2 size) => size.H == size.W ? $"{size.H}" : $"{size.H}x{size.W}";
}
