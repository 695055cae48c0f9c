using Interp.Cli.Dissection;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Cli.Site;

/// <summary>Which layers of a network have pages.</summary>
internal static class SiteLayers
{
    private const int Most = 5;

    /// <summary>The layers, in the network's order.</summary>
    /// <exception cref="InputException">One does not exist, or there is none.</exception>
    internal static Node[] Read(Invocation run, Network network)
    {
        string? given = run.Get(SiteFlags.Layers);
        if (given is not null && given != SiteFlags.All)
        {
            return DissectFlags.LayersOf(run, network, given, SiteFlags.Layers.Name);
        }

        Node[] functions = Candidates(network);
        if (functions.Length == 0)
        {
            throw new InputException(
                $"{network.Name} has no layer between its input and its output; {SiteFlags.Layers.Name} names the output");
        }

        if (given == SiteFlags.All)
        {
            return functions;
        }

        Node[] last = [.. functions.GroupBy(n => Sides(network, n)).Select(g => g.Last()).OrderBy(n => n.Id).TakeLast(Most)];
        run.Note($"layers {string.Join(", ", last.Select(n => n.Name))}: the last activation function of each map size; "
            + $"{SiteFlags.Layers.Name} names others");
        return last;
    }

    /// <summary>Activation functions with maps; where there are none, other layers with maps; or else layers without.</summary>
    private static Node[] Candidates(Network network)
    {
        Node[] inner = [.. network.Nodes.Where(
            n => n.Id > 0 && n.Id != network.Output.Id && n.Layer is not (Dropout or Identity or Flatten))];
        Node[] maps = [.. inner.Where(n => network.OwnShapes[n.Id].Rank == 4)];
        Node[] functions = [.. maps.Where(IsFunction)];
        return functions.Length > 0 ? functions : maps.Length > 0 ? maps
            : inner.Where(IsFunction).ToArray() is { Length: > 0 } found ? found : inner;
    }

    private static bool IsFunction(Node node) => node.Layer is ReLU or Activation or PReLU;

    private static (int, int) Sides(Network network, Node node) =>
        network.OwnShapes[node.Id] is var s && s.Rank == 4 ? (s[2], s[3]) : (1, 1);
}
