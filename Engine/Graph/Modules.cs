using System.Collections.Immutable;

namespace Interp.Engine.Graph;

/// <summary>The modules of which a network's nodes are named to be parts.</summary>
internal static class Modules
{
    /// <summary>
    /// Every name before a dot in a node's name that is no node's itself, with the last node under it: that is what the module returns,
    /// since what a module computes after its value nobody could read.
    /// </summary>
    internal static ImmutableSortedDictionary<string, string> Of(ImmutableArray<Node> nodes)
    {
        var last = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (Node node in nodes)
        {
            for (int dot = node.Name.IndexOf('.'); dot > 0; dot = node.Name.IndexOf('.', dot + 1))
            {
                last[node.Name[..dot]] = node.Name;
            }
        }

        last.RemoveRange(nodes.Select(n => n.Name));
        return last.ToImmutable();
    }
}
