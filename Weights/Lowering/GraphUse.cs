using Interp.Weights.Graphs;

namespace Interp.Weights.Lowering;

/// <summary>Which operators of a graph an output needs, and how often each value is read by them.</summary>
internal sealed class GraphUse
{
    private readonly HashSet<OperatorNode> _needed = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OperatorNode>> _readBy = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OperatorNode> _makers = new(StringComparer.Ordinal);

    /// <summary>Walks a graph backwards from one of its outputs.</summary>
    internal GraphUse(OperatorGraph graph, string output)
    {
        Read(output);
        Walk(graph);
        foreach (List<OperatorNode> nodes in _readBy.Values)
        {
            nodes.Reverse();
        }
    }

    /// <summary>Whether an operator is needed.</summary>
    internal bool Needs(OperatorNode node) => _needed.Contains(node);

    /// <summary>How often a value is read; its shape alone does not count.</summary>
    internal int Readers(string value) => _readers.GetValueOrDefault(value);

    /// <summary>The operators that read a value, in order.</summary>
    internal IReadOnlyList<OperatorNode> ReadersOf(string value) => _readBy.TryGetValue(value, out List<OperatorNode>? nodes) ? nodes : [];

    /// <summary>The operator that makes a value, or null.</summary>
    internal OperatorNode? Maker(string value) => _makers.GetValueOrDefault(value);

    /// <summary>A needed condition whose branch depends on a value, or null.</summary>
    internal OperatorNode? ConditionOn(OperatorGraph graph, string value)
    {
        var dependent = new HashSet<string>(StringComparer.Ordinal) { value };
        foreach (OperatorNode node in graph.Nodes.Where(n => Needs(n) && n.Operator is not ("Shape" or "Size")))
        {
            if (node.Operator == "If" && node.Inputs is [var condition, ..] && dependent.Contains(condition))
            {
                return node;
            }

            if (node.Operator == "If" || node.Inputs.Any(dependent.Contains))
            {
                dependent.UnionWith(node.Outputs.Where(o => o.Length > 0));
            }
        }

        return null;
    }

    /// <summary>Whether it is a network with attention: a product of two values, one of which is a softmax's.</summary>
    internal bool HasAttention(OperatorGraph graph) => graph.Nodes.Any(n => Needs(n) && (n.Operator == "Attention"
        || (n.Operator == "Softmax" && n.Outputs.Any(o => ReadersOf(o).Any(r => r.Operator is "MatMul" or "Einsum" or "Dropout")))));

    private void Walk(OperatorGraph graph)
    {
        for (int i = graph.Nodes.Length - 1; i >= 0; i--)
        {
            OperatorNode node = graph.Nodes[i];
            if (!node.Outputs.Any(_readers.ContainsKey))
            {
                continue;
            }

            _needed.Add(node);
            foreach (string output in node.Outputs)
            {
                _makers.TryAdd(output, node);
            }

            foreach (string input in node.Inputs)
            {
                if (node.Operator is "Shape" or "Size")
                {
                    _readers.TryAdd(input, 0);
                }
                else
                {
                    Read(input);
                    Note(input, node);
                }
            }

            foreach (string name in node.Attributes.Names.Where(n => n is "then_branch" or "else_branch"))
            {
                OperatorGraph branch = node.Attributes.Graph(name)!;
                branch.Outputs.ToList().ForEach(o => Read(o.Name));
                Walk(branch);
            }
        }
    }

    private void Note(string value, OperatorNode reader)
    {
        if (!_readBy.TryGetValue(value, out List<OperatorNode>? nodes))
        {
            _readBy[value] = nodes = [];
        }

        // What one operator reads is noted together, so that it can only be the last.
        if (nodes.Count == 0 || !ReferenceEquals(nodes[^1], reader))
        {
            nodes.Add(reader);
        }
    }

    private void Read(string value)
    {
        if (value.Length > 0)
        {
            _readers[value] = Readers(value) + 1;
        }
    }
}
