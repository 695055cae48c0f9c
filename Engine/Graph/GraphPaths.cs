namespace Interp.Engine.Graph;

/// <summary>Which nodes of a network lead to which.</summary>
internal static class GraphPaths
{
    /// <summary>Whether a node's output depends on another's; every node leads to itself.</summary>
    internal static bool Lead(Network network, Node from, Node to) => Lead(network, from, to, without: -1);

    /// <summary>Whether every path from the input to a node goes through a layer, so that the layer's output decides the node's.</summary>
    internal static bool AllPass(Network network, Node layer, Node to) =>
        Lead(network, layer, to) && !Lead(network, network.Input, to, layer.Id);

    private static bool Lead(Network network, Node from, Node to, int without)
    {
        if (from.Id > to.Id)
        {
            return false;
        }

        var reached = new bool[to.Id + 1];
        reached[from.Id] = from.Id != without;
        for (int id = from.Id + 1; id <= to.Id; id++)
        {
            reached[id] = id != without && network.Nodes[id].Inputs.Any(i => reached[i]);
        }

        return reached[to.Id];
    }
}
