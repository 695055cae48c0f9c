using System.Globalization;
using System.Text.RegularExpressions;
using Interp.Weights.Onnx.Messages;

namespace Interp.Weights.Onnx;

/// <summary>
/// Tells which module of the original network a node comes from: from the metadata of PyTorch's current exporter, from the node names of
/// its older one, or from TensorFlow's scopes, in which layers have their names.
/// </summary>
internal sealed partial class ModulePaths
{
    private const int MaxLength = 1000;

    private readonly HashSet<string> _containers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Calls> _calls = new(StringComparer.Ordinal);
    private readonly LayerScopes? _layers;

    /// <summary>Looks at all nodes of a file.</summary>
    internal ModulePaths(ModelProto model)
    {
        List<NodeProto> nodes = model.Graph?.Nodes ?? [];
        foreach (string[] scopes in nodes.Select(n => Scopes(n.Scopes)).OfType<string[]>())
        {
            for (int i = 0; i < scopes.Length - 2; i++)
            {
                _containers.Add(scopes[i]);
            }
        }

        if (model.Producer.StartsWith("tf2onnx", StringComparison.Ordinal))
        {
            _layers = new LayerScopes(nodes);
        }
    }

    /// <summary>The module's path; empty for the network itself, null where the node does not say it.</summary>
    internal string? Of(NodeProto node) =>
        node.Scopes is not null ? FromScopes(node) : _layers is not null ? _layers.Of(node) : FromTorchName(node.Name);

    /// <summary>
    /// Where PyTorch's current exporter lists no scopes, as for a split that it has put together: the innermost module around all that
    /// read the node's values. Other files are left as they are.
    /// </summary>
    /// <param name="nodes">All operators of the network, in order.</param>
    internal void Complete(IReadOnlyList<NodeDraft> nodes)
    {
        if (_containers.Count == 0)
        {
            return;
        }

        var around = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (NodeDraft node in nodes.Reverse())
        {
            string? readers = null;
            foreach (string output in node.Module is null ? node.Outputs : [])
            {
                readers = around.TryGetValue(output, out string? path) ? readers is null ? path : Common(readers, path) : readers;
            }

            node.Module ??= readers;
            string? module = node.Module is null ? null : _containers.Contains(node.Module) ? node.Module : Parent(node.Module);
            foreach (string input in module is null ? [] : node.Inputs)
            {
                around[input] = around.TryGetValue(input, out string? path) ? Common(path, module!) : module!;
            }
        }
    }

    private static string Parent(string path) => path.LastIndexOf('.') is > 0 and var end ? path[..end] : "";

    /// <summary>The innermost module around two.</summary>
    private static string Common(string a, string b)
    {
        while (a.Length > 0 && b != a && !b.StartsWith(a + ".", StringComparison.Ordinal))
        {
            a = Parent(a);
        }

        return a;
    }

    /// <summary>
    /// The module of a node that PyTorch's older exporter named: <c>/features/features.2/conv/conv.0/conv.0.0/Conv</c> is in
    /// <c>features.2.conv.0.0</c>, as a name that begins with the one before stands for both. A second call of a module has a name with
    /// <c>_1</c>; where that module has others in it, the mark goes to their ends. Null for any other name.
    /// </summary>
    internal static string? FromTorchName(string name)
    {
        string[] parts = name.Split('/');
        if (parts.Length < 2 || parts[0].Length > 0 || name.Length > MaxLength || parts.Skip(1).Any(p => p.Length == 0)
            || !char.IsAsciiLetter(parts[^1][0]))
        {
            return null;
        }

        string path = "", last = "", call = "";
        foreach (string part in parts[1..^1])
        {
            string bare = CallMark().Replace(last, "");
            string outer = path[..^last.Length];
            if (last.Length > 0 && part.StartsWith(last + ".", StringComparison.Ordinal))
            {
                path = outer + part;
            }
            else if (bare.Length > 0 && bare != last && part.StartsWith(bare + ".", StringComparison.Ordinal))
            {
                path = outer + part;
                call = last[bare.Length..];
            }
            else
            {
                path = path.Length == 0 ? part : path + "." + part;
            }

            last = part;
        }

        return path + call;
    }

    /// <summary>The scopes that PyTorch's current exporter lists, from the network to the operator; null if there are none.</summary>
    private static string[]? Scopes(string? text) => text is null || PythonLiteral.Read(text) is not { Length: > 1 } scopes ? null : scopes;

    private string? FromScopes(NodeProto node)
    {
        if (Scopes(node.Scopes) is not { } scopes || scopes[0].Length > 0)
        {
            return null; // What stands outside of every module, as the reading of a size does.
        }

        string path = scopes[^2];
        string operation = scopes[^1];

        // A batch norm merged into the layer before it: the merged layer bears the norm's scopes, and its weight the layer's name.
        if (node.Rewriting?.Contains("FuseBatchNorm", StringComparison.Ordinal) == true && node.Inputs.Count > 1
            && node.Inputs[1].EndsWith(".weight", StringComparison.Ordinal))
        {
            path = node.Inputs[1][..^".weight".Length];
        }

        return path.Length > MaxLength ? null : IsLeaf(path, node) ? path + Mark(path, operation) : path;
    }

    /// <summary>Whether a module is one of PyTorch's own that computes one thing, so that computing it again is another call.</summary>
    private bool IsLeaf(string path, NodeProto node) => !_containers.Contains(path) && Scopes(node.Classes) is { Length: > 1 } classes
        && classes[^2].StartsWith("torch.nn.modules.", StringComparison.Ordinal)
        && !classes[^2].StartsWith("torch.nn.modules.activation.Multihead", StringComparison.Ordinal);

    /// <summary><c>_1</c> for a second call, and so on: a call ends where one of its functions comes again under another number.</summary>
    private string Mark(string path, string operation)
    {
        if (!_calls.TryGetValue(path, out Calls? calls))
        {
            _calls.Add(path, calls = new Calls());
        }

        string function = CallMark().Replace(operation, "");
        if (calls.Functions.TryGetValue(function, out string? before) && before != operation)
        {
            calls.Number++;
            calls.Functions.Clear();
        }

        calls.Functions[function] = operation;
        return calls.Number == 0 ? "" : "_" + calls.Number.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("_[0-9]+$")]
    private static partial Regex CallMark();

    private sealed class Calls
    {
        internal int Number { get; set; }

        /// <summary>The functions of the present call, and their numbered names.</summary>
        internal Dictionary<string, string> Functions { get; } = new(StringComparer.Ordinal);
    }
}
