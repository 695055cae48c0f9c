using System.Text.RegularExpressions;
using Interp.Weights.Onnx.Messages;

namespace Interp.Weights.Onnx;

/// <summary>
/// Tells the Keras layer of a node that tf2onnx made: names are <c>model/layer/operator</c>, with inner models between, and scopes of
/// TensorFlow's own after the layer. What tf2onnx has named itself is looked up by its weight.
/// </summary>
internal sealed partial class LayerScopes
{
    /// <summary>Scopes that TensorFlow opens within a layer.</summary>
    private static readonly HashSet<string> Inner = new(StringComparer.Ordinal)
    {
        "batchnorm", "convolution", "Conv2D", "depthwise", "separable_conv2d", "moments", "Tensordot", "MatMul", "BiasAdd", "einsum",
        "ReadVariableOp", "Shape", "strided_slice",
    };

    private readonly string? _model;
    private readonly bool _marked;

    /// <summary>Looks at all nodes of a file.</summary>
    internal LayerScopes(IReadOnlyList<NodeProto> nodes)
    {
        string[][] paths = [.. nodes.Select(n => Parts(n.Name)).Where(p => p.Length > 1)];
        string[] models = [.. paths.Select(p => p[0]).Distinct().Take(2)];
        _model = models.Length == 1 ? models[0] : null;

        // Keras 3 exports the second call of everything: all names, the model's too, end in _1 then.
        _marked = _model is not null && _model.EndsWith("_1", StringComparison.Ordinal)
            && paths.All(p => Layers(p).All(l => l.EndsWith("_1", StringComparison.Ordinal)));
    }

    /// <summary>The layer, after the inner models it is in; null where the names do not tell it.</summary>
    internal string? Of(NodeProto node)
    {
        string[] parts = Parts(node.Name);
        if (parts.Length < 2)
        {
            parts = node.Inputs.Count > 1 ? Parts(node.Inputs[1]) : [];
        }

        return parts.Length < 2 ? null : string.Join('.', Layers(parts).Select(l => _marked ? l[..^2] : l));
    }

    private IEnumerable<string> Layers(string[] parts)
    {
        IEnumerable<string> layers = parts.Skip(parts[0] == _model ? 1 : 0).SkipLast(1);
        return layers.TakeWhile(p => !Inner.Contains(p));
    }

    private static string[] Parts(string name)
    {
        string[] parts = Numbered().Replace(name, "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        return [.. parts.SkipWhile(p => p.EndsWith("PartitionedCall", StringComparison.Ordinal))];
    }

    [GeneratedRegex("(__[0-9]+)?(:[0-9]+)?$")]
    private static partial Regex Numbered();
}
