using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// The layers whose maps are weighed. Chosen by itself it is the last layer before pooling and classifier: of the nodes that the target
/// depends on, that give maps of more than one position, and that do more than pool or hand on (no pool, padding, resizing, dropout or
/// identity), the last one
/// through which all paths to the target go. That is <c>features.29</c> for VGG16 and <c>features.35</c> for VGG19 (relu5_3 and relu5_4, as
/// in the Grad-CAM paper), the last block's ReLU or sum for a residual network, and the last concatenation where branches end side by side.
/// Maps of the classes' own scores, which nothing follows but activations and a pool over all of each, are left out while there are others:
/// <c>features.12</c> for SqueezeNet. Where no layer lies on all paths, it is the last on any.
/// </summary>
/// <param name="Nodes">The layers in the order given.</param>
/// <param name="Choice">How they were chosen, in words.</param>
internal sealed record CamLayers(ImmutableArray<Node> Nodes, string Choice)
{
    private const string Automatic = "auto";

    internal static MethodOption<string> Option { get; } =
        MethodOption.Text("layer", "layers whose maps are weighed, separated by commas; 'auto' is the last before pooling and classifier",
            Automatic, "LAYER[,LAYER...]");

    /// <exception cref="InputException">A layer does not exist or has no maps, or none can be chosen.</exception>
    internal static CamLayers Of(AttributionRequest request)
    {
        Network network = request.Network;
        ImmutableArray<Shape> shapes = network.Shapes(1, request.Input.Image.Height, request.Input.Image.Width);
        string[] names = request.Options.Get(Option).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        (Node? last, Node? scores) = Last(network, shapes, request.Target.NodeIn(network));
        if (names is [Automatic])
        {
            return last is null
                ? throw new InputException(
                $"option 'layer' auto: no layer with maps stands between the input and the {request.Target.Description}; name one")
                : new CamLayers([last], "automatic: the last layer with maps before pooling and classifier"
                    + (scores is null ? "" : $"; {scores.Name} and what follows it are maps of the classes' scores"));
        }

        Node[] nodes = [.. names.Select(network.Find).Distinct()];
        if (nodes.Length == 0)
        {
            throw new InputException("option 'layer': expected one or more layer names, or 'auto', found nothing");
        }

        if (Array.Find(nodes, n => shapes[n.Id].Rank != 4) is { } flat)
        {
            string advice = last is null ? "" : $", such as {last.Name}";
            throw new InputException(
                $"option 'layer' {flat.Name}: it gives {shapes[flat.Id]}, expected a layer with maps [N,C,H,W]{advice}");
        }

        return new CamLayers([.. nodes], "given");
    }

    /// <summary>The number of maps of each layer.</summary>
    internal IEnumerable<int> Channels(AttributionRequest request)
    {
        ImmutableArray<Shape> shapes = request.Network.Shapes(1, request.Input.Image.Height, request.Input.Image.Width);
        return Nodes.Select(n => shapes[n.Id][1]);
    }

    /// <summary>The layer, and the first of those with the classes' scores that would have come after it.</summary>
    private static (Node? Layer, Node? Scores) Last(Network network, ImmutableArray<Shape> shapes, Node target)
    {
        Node[] candidates = [.. network.Nodes.Where(n => n.Id > 0 && n.Id < target.Id && shapes[n.Id].HasMaps
            && n.Layer is not (MaxPool2d or AvgPool2d or AdaptiveAvgPool2d or AdaptiveMaxPool2d or IPixelLayer or Dropout or Identity)
            && GraphPaths.Lead(network, n, target))];
        HashSet<int> scores = target.Id == network.Output.Id ? ScoreMaps(network, shapes) : [];
        Node[] others = [.. candidates.Where(n => !scores.Contains(n.Id))];
        if (others.Length == 0)
        {
            return (Best(candidates), null);
        }

        return (Best(others), candidates.FirstOrDefault(n => scores.Contains(n.Id)));

        Node? Best(Node[] nodes) => Array.FindLast(nodes, n => GraphPaths.AllPass(network, n, target)) ?? nodes.LastOrDefault();
    }

    /// <summary>From the output down: the only inputs of the layers there, through a pool over whole maps, as long as nothing but
    /// activations follows them.</summary>
    private static HashSet<int> ScoreMaps(Network network, ImmutableArray<Shape> shapes)
    {
        HashSet<int> maps = [];
        bool pooled = false;
        for (Node node = network.Output; node.Inputs.Length == 1; node = network.Nodes[node.Inputs[0]])
        {
            if (shapes[node.Id].HasMaps)
            {
                maps.Add(node.Id);
            }

            pooled |= node.Layer is AdaptiveAvgPool2d or AdaptiveMaxPool2d or AvgPool2d
                && !shapes[node.Id].HasMaps && shapes[node.Inputs[0]].HasMaps;
            if (node.Layer is not (ReLU or Activation or PReLU or Dropout or Identity or Flatten or Softmax or AdaptiveAvgPool2d
                or AdaptiveMaxPool2d or AvgPool2d))
            {
                break;
            }
        }

        return pooled ? maps : [];
    }
}
