using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Visualization.Objectives;

/// <summary>What an objective may look at: the images, and the network's activations on them after their random transforms.</summary>
/// <param name="canvas">The images' size.</param>
/// <param name="images">The images before transforms, <c>[N,C,H,W]</c>, values 0…1.</param>
/// <param name="activations">A node's output, dense, with its shape <c>[N,…]</c>.</param>
public sealed class Observation(Canvas canvas, float[] images, Func<Node, (Shape Shape, float[] Values)> activations)
{
    private readonly Dictionary<Node, (Shape, float[])> _read = [];

    /// <summary>The images' size.</summary>
    public Canvas Canvas => canvas;

    /// <summary>The images before transforms, <c>[N,C,H,W]</c>, values 0…1.</summary>
    public float[] Images => images;

    /// <summary>What a session that has run forward on the transformed images keeps.</summary>
    public static Observation Of(Session session, Canvas canvas, float[] images) =>
        new(canvas, images, node => (session.ShapeOf(node), session.Activation(node)));

    /// <summary>A node's output, dense, with its shape <c>[N,…]</c>; read once.</summary>
    public (Shape Shape, float[] Values) Activation(Node node)
    {
        if (!_read.TryGetValue(node, out (Shape, float[]) found))
        {
            _read.Add(node, found = activations(node));
        }

        return found;
    }
}
