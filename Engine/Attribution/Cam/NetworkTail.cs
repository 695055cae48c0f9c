using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// The part of a network between a layer and the target's node, as a network of its own whose input is the layer's output; the features of
/// a
/// layer without a map come as maps of one position. It shares the weights; each is made once and lives as long as the whole network does,
/// so
/// that backends prepare its filters once.
/// </summary>
internal sealed class NetworkTail
{
    private static readonly ConditionalWeakTable<Network, ConcurrentDictionary<(int Layer, int Target), NetworkTail>> Known = [];
    private readonly Node _target;

    private NetworkTail(Network network, Node target) => (Network, _target) = (network, target);

    internal Network Network { get; }

    /// <exception cref="InputException">Paths lead around the layer, so that its output alone does not decide the target.</exception>
    internal static NetworkTail Behind(Network network, Node layer, Node target) =>
        Known.GetOrCreateValue(network).GetOrAdd((layer.Id, target.Id), _ => Make(network, layer, target));

    /// <summary>The target at many outputs of the layer, in batches.</summary>
    internal double[] Scores(AttributionRequest request, (int Height, int Width) size, int count, InputFiller fill)
    {
        var scores = new double[count];
        Run(
            request.Explainer,
            size,
            count,
            fill,
            (session, first, _) =>
            {
                (float[] values, Shape shape) = (session.Activation(_target), session.ShapeOf(_target));
                request.Target.Scores(values, shape, request.Network.OutputActivation).CopyTo(scores, first);
            },
            request.Progress,
            request.Cancel);
        return scores;
    }

    /// <summary>The target's node at many outputs of the layer, in batches: a row each.</summary>
    internal float[][] Outputs(Explainer explainer, (int Height, int Width) size, int count, InputFiller fill, CancellationToken cancel)
    {
        var outputs = new float[count][];
        Run(
            explainer,
            size,
            count,
            fill,
            (session, first, n) =>
            {
                float[] batch = session.Activation(_target);
                int each = batch.Length / n;
                for (int i = 0; i < n; i++)
                {
                    outputs[first + i] = batch[(i * each)..((i + 1) * each)];
                }
            },
            progress: null,
            cancel);
        return outputs;
    }

    private void Run(
        Explainer explainer, (int Height, int Width) size, int count, InputFiller fill, BatchUser use, Action<double>? progress,
        CancellationToken cancel) =>
        explainer.Batches(Network, count, size, backward: false, [_target], fill, use, progress, cancel);

    private static NetworkTail Make(Network network, Node layer, Node target)
    {
        Node[] nodes = [
            .. network.Nodes.Where(n => n.Id > layer.Id && GraphPaths.Lead(network, layer, n) && GraphPaths.Lead(network, n, target))];
        Preprocessing whole = network.Preprocessing;
        Shape[] shapes = [.. network.Shapes(1, whole.InputSize, whole.InputSize)];
        int[] around = [.. nodes.SelectMany(n => n.Inputs).Distinct().Where(i => i != layer.Id && !nodes.Any(n => n.Id == i))];
        if (around.Length > 0)
        {
            Node? better = network.Nodes.FirstOrDefault(
                n => n.Id > layer.Id && shapes[n.Id].Rank == 4 && GraphPaths.AllPass(network, n, target));
            string advice = better is null ? "use a method that takes gradients"
                : $"choose a layer that all paths pass, such as {better.Name}";
            throw new InputException(
                $"option 'layer' {layer.Name}: paths lead around it (from {string.Join(", ", around.Select(i => network.Nodes[i].Name))}), "
                + $"so the network cannot be run from it alone; {advice}");
        }

        bool isMap = shapes[layer.Id].Rank == 4;
        var builder = new NetworkBuilder(shapes[layer.Id][1]);
        if (!isMap)
        {
            builder.Then($"{builder.Last}.flat", new Flatten());
        }

        string input = builder.Last;
        foreach (Node node in nodes)
        {
            builder.Add(node.Name, node.Layer, [.. node.Inputs.Select(i => i == layer.Id ? input : network.Nodes[i].Name)],
                node.Weights.AsSpan());
        }

        string last = builder.Last;
        if (shapes[target.Id].Rank != 2)
        {
            builder.Then($"{last}.flat", new Flatten());
        }

        Network tail = builder.Build($"{network.Name} behind {layer.Name}", whole with { InputSize = isMap ? shapes[layer.Id][2] : 1 });
        return new NetworkTail(tail, tail.Find(last));
    }
}
