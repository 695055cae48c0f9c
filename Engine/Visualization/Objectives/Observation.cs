using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Visualization.Objectives;

/// <summary>What an objective may look at: the pictures, and the network's activations on them after their random transforms.</summary>
/// <param name="canvas">The pictures' size.</param>
/// <param name="pictures">The pictures before transforms, <c>[N,3,H,W]</c>, values 0…1.</param>
/// <param name="activations">A node's output, dense, with its shape <c>[N,…]</c>.</param>
public sealed class Observation(Canvas canvas, float[] pictures, Func<Node, (Shape Shape, float[] Values)> activations)
{
    private readonly Dictionary<Node, (Shape, float[])> _read = [];

    /// <summary>The pictures' size.</summary>
    public Canvas Canvas => canvas;

    /// <summary>The pictures before transforms, <c>[N,3,H,W]</c>, values 0…1.</summary>
    public float[] Pictures => pictures;

    /// <summary>What a session that has run forward on the transformed pictures keeps.</summary>
    public static Observation Of(Session session, Canvas canvas, float[] pictures) =>
        new(canvas, pictures, node => (session.ShapeOf(node), session.Activation(node)));

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
