using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Benchmarks;

/// <summary>The arithmetic of a forward pass by definition, two operations for each multiply-add: what Winograd saves counts too.
/// A backward pass to the input has the same.</summary>
internal static class Work
{
    /// <summary>10⁶ operations of a convolution or linear layer; 0 for others.</summary>
    public static double Megaflops(Node node, Shape output) =>
        node.Layer is Conv2d or Linear ? 2e-6 * output.Count * node.Weights[0].Shape.Count / node.Weights[0].Shape[0] : 0;

    /// <summary>10⁶ operations of a session's network.</summary>
    public static double Megaflops(Session session) => session.Network.Nodes.Sum(n => Megaflops(n, session.ShapeOf(n)));
}
