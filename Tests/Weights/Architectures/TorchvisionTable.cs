using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using Interp.Engine.Tensors;

namespace Interp.Tests.Weights.Architectures;

/// <summary>A tensor of a state dict.</summary>
/// <param name="Name">As <c>layer1.0.bn1.num_batches_tracked</c>.</param>
/// <param name="Shape">Its sizes; rank 0 for <c>num_batches_tracked</c>.</param>
/// <param name="Unused">Whether it belongs to an auxiliary head, which is no part of the graph.</param>
internal sealed record TorchvisionTensor(string Name, Shape Shape, bool Unused);

/// <summary>A node of the graph in evaluation mode.</summary>
/// <param name="Name">As torchvision.models.feature_extraction names it: <c>layer1.0.relu_1</c>.</param>
/// <param name="Kind">The kind of the layer, as <c>conv2d</c> or <c>activation</c>.</param>
/// <param name="Function">What an <c>activation</c> computes, as <c>relu6</c>; else empty.</param>
/// <param name="Shape">The value's sizes at batch 1.</param>
/// <param name="Inputs">What it reads, in order: nodes before it, or <c>input</c>.</param>
/// <param name="Attributes">
/// <c>kernel, stride, padding, dilation</c> (<c>3</c> or <c>1x7</c>), <c>groups, ceil, include_padding, size, eps, start, count, scale,
/// shift</c>. Usual values are left out: stride 1, padding 0, dilation 1, groups 1, ceil 0, include_padding 1.
/// </param>
internal sealed record TorchvisionNode(
    string Name, string Kind, string Function, Shape Shape, ImmutableArray<string> Inputs, IReadOnlyDictionary<string, string> Attributes);

/// <summary>
/// What torchvision says of one of its convolutional classifiers: scripts/make_torchvision_tables.py wrote it and describes the file; how
/// nodes are named and cut stands in scripts/goldens/torchvision_graph.py. Networks are in the form of pretrained weights, at batch 1.
/// </summary>
/// <param name="Name">The builder, as <c>resnet18</c>.</param>
/// <param name="Family">The family, as <c>resnet</c>: one of <see cref="Families"/>.</param>
/// <param name="InputSize">The side of the input to which the shapes belong.</param>
/// <param name="Tensors">The state dict, in order.</param>
/// <param name="Nodes">The nodes in the order of execution, without the input; the last is the output.</param>
/// <param name="Aliases">For every module with children that is executed, the node whose value it returns.</param>
internal sealed record TorchvisionTable(
    string Name,
    string Family,
    int InputSize,
    ImmutableArray<TorchvisionTensor> Tensors,
    ImmutableArray<TorchvisionNode> Nodes,
    IReadOnlyDictionary<string, string> Aliases)
{
    private static readonly Dictionary<string, string> s_none = [];
    private static readonly Lazy<ImmutableArray<TorchvisionTable>> s_all = new(() => [.. Families.SelectMany(Read)]);

    /// <summary>The 14 families.</summary>
    public static ImmutableArray<string> Families { get; } =
    [
        "alexnet", "vgg", "resnet", "squeezenet", "densenet", "inception", "googlenet", "shufflenet_v2", "mobilenet_v2", "mobilenet_v3",
        "mnasnet", "efficientnet", "regnet", "convnext",
    ];

    /// <summary>All 68 networks.</summary>
    public static ImmutableArray<TorchvisionTable> All => s_all.Value;

    /// <summary>The network of a builder.</summary>
    public static TorchvisionTable Of(string name) => All.Single(t => t.Name == name);

    /// <summary>The name, by which data rows of tests are told apart.</summary>
    public override string ToString() => Name;

    private static IEnumerable<TorchvisionTable> Read(string family)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", "torchvision", $"{family}.txt.gz"));
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var lines = new List<string[]>();
        while (text.ReadLine() is { } line)
        {
            string[] fields = line.Split('\t');
            if (fields[0] == "network" && lines.Count > 0)
            {
                yield return Parse(family, lines);
                lines.Clear();
            }

            lines.Add(fields);
        }

        yield return Parse(family, lines);
    }

    private static TorchvisionTable Parse(string family, List<string[]> lines)
    {
        var nodes = ImmutableArray.CreateBuilder<TorchvisionNode>();
        foreach (string[] f in lines.Where(f => f[0] == "node"))
        {
            string[] kind = f[2].Split(':');
            ImmutableArray<string> inputs = Field(f, 4) is { Length: > 0 } named ? [.. named.Split(' ')]
                : [nodes.Count == 0 ? "input" : nodes[^1].Name];
            Dictionary<string, string> attributes = Field(f, 5) is { Length: > 0 } pairs
                ? pairs.Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]) : s_none;
            nodes.Add(new TorchvisionNode(f[1], kind[0], kind.ElementAtOrDefault(1) ?? "", ShapeOf(f[3]), inputs, attributes));
        }

        return new TorchvisionTable(
            lines[0][1],
            family,
            int.Parse(lines[0][2], CultureInfo.InvariantCulture),
            [.. lines.Where(f => f[0] == "tensor").Select(f => new TorchvisionTensor(f[1], ShapeOf(f[2]), Field(f, 3) == "unused"))],
            nodes.ToImmutable(),
            lines.Where(f => f[0] == "alias").ToDictionary(f => f[1], f => f[2]));
    }

    private static string Field(string[] fields, int index) => index < fields.Length ? fields[index] : "";

    private static Shape ShapeOf(string text) =>
        text.Length == 0 ? new Shape() : new Shape([.. text.Split(',').Select(d => int.Parse(d, CultureInfo.InvariantCulture))]);
}
