using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>The nodes on the paths between two nodes.</summary>
internal static class NodesBetween
{
    /// <summary>From the top down, the end left out.</summary>
    public static IEnumerable<Node> Of(Network network, Node top, Node end)
    {
        HashSet<int> below = [end.Id];
        foreach (Node node in network.Nodes.Where(n => n.Id > end.Id && n.Inputs.Any(below.Contains)))
        {
            below.Add(node.Id);
        }

        HashSet<int> above = [top.Id];
        for (int id = top.Id; id > end.Id; id--)
        {
            if (above.Contains(id))
            {
                above.UnionWith(network.Nodes[id].Inputs);
            }
        }

        return network.Nodes.Where(n => n.Id > end.Id && below.Contains(n.Id) && above.Contains(n.Id)).Reverse();
    }
}
