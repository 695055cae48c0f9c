using Interp.Engine.Attribution.Cam;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Concepts;

/// <summary>
/// Layers at which a class's gradient has the same direction for every photo, as where nothing but linear layers follow: there a score
/// could only be 0 or 1, for any direction.
/// </summary>
internal static class LayerDegeneracy
{
    /// <summary>A gradient's direction varies by less than this where it does not vary: √(mean ‖g/‖g‖ − mean‖²).</summary>
    private const double Same = 1e-6;

    /// <summary>Refuses a layer that leads to the class's score by linear layers alone.</summary>
    /// <exception cref="InputException">It does, or it does not lead there at all.</exception>
    internal static void CheckGraph(Network network, Node layer, bool probability)
    {
        if (layer.Id == 0)
        {
            throw new InputException($"layer {layer.Name}: that is the image itself; name a layer behind it");
        }

        if (!GraphPaths.Lead(network, layer, network.ClassOutput))
        {
            throw new InputException($"layer {layer.Name}: the classes do not depend on it; name another one, 'layers' lists them");
        }

        if (!probability && network.Nodes.Where(n => n.Id > layer.Id && GraphPaths.Lead(network, layer, n)
            && GraphPaths.Lead(network, n, network.Output)).All(n => IsLinear(n.Layer)))
        {
            throw Refusal(network, layer);
        }
    }

    /// <summary>Refuses a layer at which the gradients of at least two photos have one direction.</summary>
    /// <exception cref="InputException">They have.</exception>
    internal static void CheckGradients(Network network, Node layer, IReadOnlyList<float[]> gradients)
    {
        if (gradients.Count > 1 && Spread(gradients) < Same)
        {
            throw Refusal(network, layer);
        }
    }

    /// <summary>√(mean over photos of ‖g/‖g‖ − mean‖²); photos without a gradient are left out, and 1 where all are.</summary>
    internal static double Spread(IReadOnlyList<float[]> gradients)
    {
        double[] norms = [.. gradients.Select(g => Math.Sqrt(g.Sum(v => (double)v * v)))];
        int count = norms.Count(n => n > 0);
        if (count < 2)
        {
            return 1;
        }

        double total = 0;
        for (int k = 0; k < gradients[0].Length; k++)
        {
            double sum = 0, squares = 0, first = double.NaN;
            for (int i = 0; i < norms.Length; i++)
            {
                if (norms[i] > 0)
                {
                    double v = gradients[i][k] / norms[i];
                    first = double.IsNaN(first) ? v : first; // Shifted by the first, so that equal values leave exactly 0.
                    sum += v - first;
                    squares += (v - first) * (v - first);
                }
            }

            total += (squares / count) - (sum / count * (sum / count));
        }

        return Math.Sqrt(Math.Max(0, total));
    }

    private static InputException Refusal(Network network, Node layer) => new(
        $"layer {layer.Name}: the gradient of the class has the same direction there for every photo, as only linear layers follow, so "
        + $"every score would be 0 or 1; {Earlier(network, layer)}");

    /// <summary>The input of the nearest layer that is not linear, from the refused one back.</summary>
    private static string Earlier(Network network, Node layer)
    {
        Node node = layer;
        while (node.Id > 0 && IsLinear(node.Layer))
        {
            node = network.Nodes[node.Inputs[0]];
        }

        return node.Id > 0 && node.Inputs[0] > 0 ? $"name an earlier layer, such as {network.Nodes[node.Inputs[0]].Name}"
            : "this network has no other layer to test";
    }

    private static bool IsLinear(Layer layer) =>
        layer is Linear or Conv2d or Flatten or Dropout or Identity or AvgPool2d or AdaptiveAvgPool2d
        or ChannelAffine or Add or Concat or Upsample or ChannelSlice or ChannelShuffle or Pad2d;
}
