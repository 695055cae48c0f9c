using Interp.Weights.Graphs;

namespace Interp.Weights.Lowering.Emission;

/// <summary>
/// The nodes' names. Where the file says which module computes an operator, they are torchvision's: a module without parts is its path;
/// what a module with parts computes itself is its path and the function, <c>layer1.0.add</c>, the second one <c>layer1.0.add_1</c>.
/// Elsewhere they are the file's names of its operators, or the function's.
/// </summary>
internal sealed class ModuleNames
{
    private const int MaxLength = 200;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal) { "input" };
    private readonly HashSet<string> _parents = new(StringComparer.Ordinal);
    private readonly Dictionary<OperatorNode, string> _inferred = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _sizes;
    private readonly bool _hasModules;

    private ModuleNames(OperatorGraph graph, List<EmittedNode> nodes)
    {
        foreach (string module in graph.Nodes.Select(n => n.Module).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            _hasModules = true;
            for (string path = module; path.Length > 0;)
            {
                path = Parent(path);
                _parents.Add(path);
            }
        }

        if (_hasModules)
        {
            Infer(graph);
        }

        _sizes = nodes.Where(n => n is { Module: null, IsImplicit: false } && Module(n) is not null)
            .GroupBy(n => Module(n)!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
    }

    /// <summary>Names the nodes of a network, in the order of the operators that they are made of.</summary>
    internal static void Assign(OperatorGraph graph, List<EmittedNode> nodes)
    {
        List<EmittedNode> named = [.. nodes.Where(n => n.Site is not null)];
        var names = new ModuleNames(graph, named);
        var labelled = new HashSet<OperatorNode>(ReferenceEqualityComparer.Instance);
        foreach (EmittedNode node in named.OrderBy(n => n.Site!.Order).ThenBy(n => n.Site!.Output))
        {
            node.Name = names.Unique(Safe(names.Wanted(node, labelled)));
        }
    }

    private string Wanted(EmittedNode node, HashSet<OperatorNode> labelled)
    {
        if (node.Module is { } own)
        {
            return own;
        }

        if (Module(node) is { } module)
        {
            if (node.IsImplicit && !_parents.Contains(module))
            {
                return Join(Parent(module), node.Function);
            }

            return module.Length > 0 && !_parents.Contains(module) && _sizes[module] == 1 ? module : Join(module, node.Function);
        }

        OperatorNode op = node.Site!.Operator;
        return !node.IsImplicit && op.Label.Trim('/').Length > 0 && labelled.Add(op) ? op.Label.Trim('/') : node.Function;
    }

    private string? Module(EmittedNode node) => node.Site!.Operator.Module ?? _inferred.GetValueOrDefault(node.Site.Operator);

    /// <summary>An operator of which the file does not say it, as exporters leave it out where they have changed one, belongs to the
    /// innermost module that has all of its readers.</summary>
    private void Infer(OperatorGraph graph)
    {
        ILookup<string, OperatorNode> readers = graph.Nodes.SelectMany(n => n.Inputs.Select(i => (Input: i, Node: n)))
            .ToLookup(r => r.Input, r => r.Node, StringComparer.Ordinal);
        for (int i = graph.Nodes.Length - 1; i >= 0; i--)
        {
            OperatorNode node = graph.Nodes[i];
            if (node.Module is null)
            {
                string[] modules = [.. node.Outputs.SelectMany(o => readers[o]).Select(r => r.Module ?? _inferred.GetValueOrDefault(r, ""))
                    .Select(m => _parents.Contains(m) ? m : Parent(m)).Distinct(StringComparer.Ordinal)];
                _inferred[node] = modules.Length == 0 ? "" : modules.Aggregate(Common);
            }
        }
    }

    private static string Common(string a, string b)
    {
        string[] x = a.Split('.'), y = b.Split('.');
        return string.Join('.', x.Zip(y).TakeWhile(p => p.First == p.Second).Select(p => p.First));
    }

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOf('.'))];

    private static string Join(string module, string function) => module.Length == 0 ? function : $"{module}.{function}";

    private static string Safe(string name)
    {
        string clean = new([.. name.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '_' : c is '/' or '\\' ? '.' : c)]);
        clean = clean.Trim();
        return clean.Length == 0 ? "layer" : clean.Length > MaxLength ? clean[..MaxLength] : clean;
    }

    private string Unique(string name)
    {
        string unique = name;
        for (int k = 1; !_taken.Add(unique); k++)
        {
            unique = $"{name}_{k}";
        }

        return unique;
    }
}
