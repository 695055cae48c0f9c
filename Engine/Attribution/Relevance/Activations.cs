using System.Collections.Immutable;
using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Backends;
using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>What some nodes give for one input.</summary>
internal sealed class Activations
{
    private readonly Dictionary<int, float[]> _ofNode = [];
    private readonly ArrayWork _work;

    private Activations(ArrayWork work) => _work = work;

    /// <summary>A node's output.</summary>
    /// <exception cref="InvalidOperationException">It was not asked for.</exception>
    public float[] this[Node node] => _ofNode.TryGetValue(node.Id, out float[]? values)
        ? values
        : throw new InvalidOperationException($"the output of '{node.Name}' was not kept: ReadsInputs and ReadsOutput say what is read");

    /// <summary>A node's output, or null if it was not asked for.</summary>
    public float[]? Find(Node node) => _ofNode.GetValueOrDefault(node.Id);

    /// <summary>Runs forward on some inputs of the image's size and takes the outputs of the given nodes.</summary>
    public static ImmutableArray<Activations> Of(
        AttributionRequest request, ImmutableArray<float[]> inputs, IReadOnlyCollection<Node> nodes)
    {
        ArrayWork work = LayerParts.Of(request.Explainer).Work;
        ImmutableArray<Activations> results = [.. inputs.Select(_ => new Activations(work))];
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

    /// <summary>Gives back the arrays; nothing may refer to them any more.</summary>
    public void Release()
    {
        foreach ((int id, float[] values) in _ofNode)
        {
            if (id > 0)
            {
                _work.Return(values);
            }
        }

        _ofNode.Clear();
    }

    private static void Take(Session session, int first, int count, IEnumerable<Node> nodes, ImmutableArray<Activations> results)
    {
        ArrayWork work = results[0]._work;
        foreach (Node node in nodes.Where(n => n.Id > 0))
        {
            float[] all = work.Keep((int)session.ShapeOf(node).Count);
            session.Activation(node, all);
            if (count == 1)
            {
                results[first]._ofNode[node.Id] = all;
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                float[] values = work.Keep(all.Length / count);
                int start = i * values.Length;
                work.Run(values.Length, (at, n) => all.AsSpan(start + at, n).CopyTo(values.AsSpan(at)));
                results[first + i]._ofNode[node.Id] = values;
            }

            work.Return(all);
        }
    }
}
