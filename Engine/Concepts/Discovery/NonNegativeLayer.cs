using Interp.Engine.Attribution.Cam;
using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>Layers whose maps can be written as sums of non-negative parts.</summary>
internal static class NonNegativeLayer
{
    /// <exception cref="InputException">The layer has no maps, or nothing that the class depends on.</exception>
    internal static void CheckGraph(Network network, Node layer)
    {
        network.RequireClasses();
        Shape shape = network.OwnShapes[layer.Id];
        if (layer.Id == 0 || shape.Rank != 4 || layer.Id == network.Output.Id)
        {
            throw new InputException(layer.Id == 0 ? $"layer {layer.Name}: that is the image itself; name a layer behind it"
                : $"layer {layer.Name}: it gives {shape}, expected a layer with maps [N,C,H,W] before the classes; 'layers' lists them");
        }

        if (!GraphPaths.Lead(network, layer, network.Output))
        {
            throw new InputException($"layer {layer.Name}: the classes do not depend on it; name another one, 'layers' lists them");
        }
    }

    /// <exception cref="InputException">A value is negative or not finite.</exception>
    internal static void CheckValues(Network network, Node layer, ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (value >= 0 && !float.IsPositiveInfinity(value))
            {
                continue;
            }

            throw new InputException(!float.IsFinite(value)
                ? $"layer {layer.Name}: it gives {value}, expected finite numbers; look for NaN or huge values in the weights"
                : $"layer {layer.Name} ({layer.Layer.Kind}): it gives negative values, and concepts are sums of non-negative parts; "
                    + Advice(network, layer));
        }
    }

    private static string Advice(Network network, Node layer)
    {
        Node? behind = network.Nodes.FirstOrDefault(n => n.Id > layer.Id && IsReLU(n) && GraphPaths.Lead(network, layer, n));
        Node? before = network.Nodes.LastOrDefault(n => n.Id < layer.Id && IsReLU(n));
        return behind is not null ? $"name the ReLU behind it, {behind.Name}"
            : before is not null ? $"no ReLU with maps follows; name an earlier one, such as {before.Name}"
            : "this network has no ReLU with maps, and cannot be taken apart in this way";

        bool IsReLU(Node node) => node.Layer is ReLU or Activation { F.Role: ActivationRole.Rectifier }
            && network.OwnShapes[node.Id].Rank == 4;
    }
}
