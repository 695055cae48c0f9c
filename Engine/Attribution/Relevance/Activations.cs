using System.Collections.Immutable;
using Interp.Engine.Backends;
using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>What some nodes give for one input.</summary>
internal sealed class Activations
{
    private readonly Dictionary<int, float[]> _ofNode = [];

    private Activations()
    {
    }

    /// <summary>A node's output.</summary>
    /// <exception cref="InvalidOperationException">It was not asked for.</exception>
    public float[] this[Node node] => _ofNode.TryGetValue(node.Id, out float[]? values)
        ? values
        : throw new InvalidOperationException($"the output of '{node.Name}' was not kept: ReadsInputs and ReadsOutput say what is read");

    /// <summary>Runs forward on some inputs of the image's size and takes the outputs of the given nodes.</summary>
    public static ImmutableArray<Activations> Of(
        AttributionRequest request, ImmutableArray<float[]> inputs, IReadOnlyCollection<Node> nodes)
    {
        ImmutableArray<Activations> results = [.. inputs.Select(_ => new Activations())];
        for (int i = 0; i < inputs.Length; i++)
        {
            results[i]._ofNode[0] = inputs[i];
        }

        request.Explainer.Batches(
            inputs.Length,
            (request.Input.Image.Height, request.Input.Image.Width),
            backward: false,
            [.. nodes],
            (i, x) => inputs[i].CopyTo(x),
            (session, first, count) => Take(session, first, count, nodes, results),
            progress: null,
            request.Cancel);
        return results;
    }

    private static void Take(Session session, int first, int count, IEnumerable<Node> nodes, ImmutableArray<Activations> results)
    {
        foreach (Node node in nodes.Where(n => n.Id > 0))
        {
            float[][] each = session.ActivationOfEach(node);
            for (int i = 0; i < count; i++)
            {
                results[first + i]._ofNode[node.Id] = each[i];
            }
        }
    }
}
