using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using Interp.Tests.Support;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Graphs;

/// <summary>One of ONNX's own cases: nodes, constants, and what comes out. Written by <c>scripts/make_operator_fixtures.py</c>.</summary>
internal sealed record NodeCase(
    string Name, ImmutableArray<OperatorNode> Nodes, Dictionary<string, GraphTensor> Inputs, Dictionary<string, GraphTensor> Outputs)
{
    private static readonly ElementType[] Types = [
        ElementType.Float64, ElementType.Float32, ElementType.Float16, ElementType.BFloat16, ElementType.Int64, ElementType.Int32,
        ElementType.Int16, ElementType.Int8, ElementType.UInt64, ElementType.UInt32, ElementType.UInt16, ElementType.UInt8,
        ElementType.Bool];

    internal static readonly Dictionary<string, NodeCase> All = Load().ToDictionary(c => c.Name);

    private static IEnumerable<NodeCase> Load()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", "graphs", "onnx_nodes.json.gz"));
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using JsonDocument document = JsonDocument.Parse(unpacked);
        foreach (JsonElement element in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            yield return new NodeCase(
                element.GetProperty("name").GetString()!, [.. element.GetProperty("nodes").EnumerateArray().Select(Node)],
                Tensors(element.GetProperty("inputs")), Tensors(element.GetProperty("outputs")));
        }
    }

    private static OperatorNode Node(JsonElement node)
    {
        string op = node.GetProperty("op").GetString()!;
        return Operators.Node(
            op, Texts(node.GetProperty("inputs")), Texts(node.GetProperty("outputs")),
            [.. node.GetProperty("attributes").EnumerateObject().Select(a => (a.Name, Attribute(a.Value.EnumerateObject().Single())))]);
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(t => t.GetString()!)];

    private static object Attribute(JsonProperty a) => a.Name switch
    {
        "int" => a.Value.GetInt64(),
        "float" => a.Value.GetDouble(),
        "string" => a.Value.GetString()!,
        "ints" => a.Value.EnumerateArray().Select(v => v.GetInt64()).ToImmutableArray(),
        "floats" => a.Value.EnumerateArray().Select(v => v.GetDouble()).ToImmutableArray(),
        _ => Tensor(a.Value),
    };

    private static Dictionary<string, GraphTensor> Tensors(JsonElement tensors) =>
        tensors.EnumerateObject().ToDictionary(t => t.Name, GraphTensor (t) => Tensor(t.Value));

    private static HeldTensor Tensor(JsonElement tensor)
    {
        ElementType type = Types.Single(t => t.Name == tensor.GetProperty("type").GetString());
        byte[] bytes = tensor.GetProperty("data").GetBytesFromBase64();
        var values = new double[bytes.Length / type.Size];
        type.Decode!(bytes, values);
        return new HeldTensor(type, [.. tensor.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64())], values);
    }
}
