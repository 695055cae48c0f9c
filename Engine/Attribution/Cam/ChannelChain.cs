using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// The layers that follow a layer and take each of its channels on its own (activations, pools, paddings, dropout, batch normalisation and
/// flattening), as far as all that leads from it to the target goes through them. A channel that is changed before them is changed alone
/// behind them, so that they run once for all channels; and where a linear layer comes next, each channel has columns of its own there.
/// </summary>
/// <param name="End">The last of them; the layer itself where there is none.</param>
/// <param name="Linear">The linear layer that alone reads it, or null.</param>
internal sealed record ChannelChain(Node End, Node? Linear)
{
    /// <summary>What follows a layer on the way to the target's node.</summary>
    internal static ChannelChain Behind(Network network, Node layer, Node target)
    {
        Node end = layer;
        while (end.Id != target.Id)
        {
            Node[] readers = [.. network.Nodes.Where(n => n.Inputs.Contains(end.Id) && GraphPaths.Lead(network, n, target))];
            if (readers is not [{ Inputs.Length: 1 } next])
            {
                break;
            }

            if (next.Layer is Linear)
            {
                return new ChannelChain(end, next);
            }

            if (!TakesEachChannelAlone(next.Layer))
            {
                break;
            }

            end = next;
        }

        return new ChannelChain(end, null);
    }

    private static bool TakesEachChannelAlone(Layer layer) => layer is ReLU or Activation or PReLU or ChannelAffine or Dropout or Identity
        or MaxPool2d or AvgPool2d or AdaptiveAvgPool2d or AdaptiveMaxPool2d or IPixelLayer or Flatten;
}
