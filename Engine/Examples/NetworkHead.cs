using Interp.Engine.Attribution.Cam;
using Interp.Engine.Graph;

namespace Interp.Engine.Examples;

/// <summary>The part of a network up to some layers, as a network of its own whose output is that of the last of them: nothing behind them
/// is computed. It shares the weights.</summary>
internal static class NetworkHead
{
    internal static Network UpTo(Network network, IReadOnlyList<Node> layers)
    {
        var builder = new NetworkBuilder(network.InputChannels);
        string input = builder.Last;
        foreach (Node node in network.Nodes.Where(n => n.Id > 0 && layers.Any(l => GraphPaths.Lead(network, n, l))))
        {
            builder.Add(node.Name, node.Layer, [.. node.Inputs.Select(i => i == 0 ? input : network.Nodes[i].Name)], node.Weights.AsSpan());
        }

        return builder.BuildPart(
            $"{network.Name} up to {string.Join(", ", layers.Select(l => l.Name))}",
            (network.Preprocessing.Height, network.Preprocessing.Width));
    }
}
