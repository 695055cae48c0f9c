using Interp.Engine.Attribution.Cam;
using Interp.Engine.Graph;
using Interp.Engine.Models;

namespace Interp.Engine.Attribution;

/// <summary>The part of a network up to some layers, as a network of its own whose output is that of the last of them: nothing behind them
/// is computed. It shares the weights.</summary>
internal static class NetworkHead
{
    /// <param name="network">The network.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="size">The sides of the input for which shapes are checked; null for the network's own.</param>
    internal static Network UpTo(Network network, IReadOnlyList<Node> layers, (int Height, int Width)? size = null)
    {
        var builder = new NetworkBuilder(network.InputChannels);
        string input = builder.Last;
        foreach (Node node in network.Nodes.Where(n => n.Id > 0 && layers.Any(l => GraphPaths.Lead(network, n, l))))
        {
            builder.Add(node.Name, node.Layer, [.. node.Inputs.Select(i => i == 0 ? input : network.Nodes[i].Name)], node.Weights.AsSpan());
        }

        Preprocessing own = network.Preprocessing;
        return builder.BuildWithoutClasses(
            $"{network.Name} up to {string.Join(", ", layers.Select(l => l.Name))}",
            own with { InputSize = size?.Height ?? own.Height, InputWidth = size?.Width ?? own.Width });
    }
}
