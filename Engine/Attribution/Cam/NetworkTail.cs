using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// The part of a network between a layer and the target's node, as a network of its own whose input is the layer's output; the features of
/// a layer without a map come as maps of one position. Where paths lead around the layer, what they bring (the other inputs of the layers
/// behind, which do not depend on the layer) comes with it, see <see cref="TailInput"/>. It shares the weights; each is made once and
/// lives as long as the whole network does, so that backends prepare its filters once.
/// </summary>
internal sealed class NetworkTail
{
    private static readonly ConditionalWeakTable<Network, ConcurrentDictionary<(int Layer, int Target, int Height, int Width), NetworkTail>>
        Known = [];

    private readonly Node _target;
    private readonly TailInput _input;

    private NetworkTail(Network network, Node target, TailInput input) => (Network, _target, _input) = (network, target, input);

    internal Network Network { get; }

    /// <summary>The layers of the whole network that it runs again.</summary>
    internal required int Layers { get; init; }

    /// <summary>Nodes whose outputs come from around the layer, and have to be kept from the run of the whole network.</summary>
    internal ImmutableArray<Node> Around => _input.Around;

    /// <summary>The part behind a layer, for images of a size.</summary>
    internal static NetworkTail Behind(Network network, Node layer, Node target, (int Height, int Width) image) =>
        Known.GetOrCreateValue(network).GetOrAdd(
            (layer.Id, target.Id, image.Height, image.Width), _ => Make(network, layer, target, image));

    /// <summary>The target at many outputs of the layer, in batches.</summary>
    /// <param name="request">What is explained; what comes from around the layer is the image's.</param>
    /// <param name="count">How many.</param>
    /// <param name="fill">Makes each output of the layer, several threads at once.</param>
    internal double[] Scores(AttributionRequest request, int count, InputFiller fill)
    {
        var scores = new double[count];
        float[][] around = [];
        if (Around.Length > 0)
        {
            Session whole = request.Forward([.. Around]);
            around = [.. Around.Select(whole.Activation)];
        }

        Run(
            request.Explainer,
            count,
            fill,
            (_, k) => around[k],
            (session, first, _) => request.Target.Scores(session, _target, request.Network.OutputActivation).CopyTo(scores, first),
            request.Progress,
            request.Cancel,
            inAnyOrder: true);
        return scores;
    }

    /// <summary>The target's node at many outputs of the layer, in batches: a row each.</summary>
    /// <param name="explainer">The whole network.</param>
    /// <param name="count">How many.</param>
    /// <param name="fill">Makes each output of the layer, in order.</param>
    /// <param name="around">What comes from around the layer: for an output and one of <see cref="Around"/> that node's values.</param>
    /// <param name="cancel">Checked before each layer.</param>
    internal float[][] Outputs(
        Explainer explainer, int count, InputFiller fill, Func<int, int, ReadOnlyMemory<float>> around, CancellationToken cancel)
    {
        var outputs = new float[count][];
        Run(
            explainer,
            count,
            fill,
            around,
            (session, first, _) => session.ActivationOfEach(_target).CopyTo(outputs, first),
            progress: null,
            cancel);
        return outputs;
    }

    /// <summary>What the nodes of <see cref="Around"/> give for each image: by image, then by node.</summary>
    /// <param name="explainer">The whole network.</param>
    /// <param name="inputs">The images, all of one size.</param>
    /// <param name="cancel">Checked before each layer.</param>
    internal float[,][] AroundOf(Explainer explainer, IReadOnlyList<NetworkInput> inputs, CancellationToken cancel)
    {
        var values = new float[inputs.Count, Around.Length][];
        if (Around.Length > 0)
        {
            explainer.Batches(
                inputs.Count, (inputs[0].Image.Height, inputs[0].Image.Width), backward: false, Around.AsSpan(),
                (i, x) => inputs[i].Tensor.CopyTo(x), Take, progress: null, cancel);
        }

        return values;

        void Take(Session session, int first, int count)
        {
            for (int k = 0; k < Around.Length; k++)
            {
                float[][] each = session.ActivationOfEach(Around[k]);
                for (int i = 0; i < count; i++)
                {
                    values[first + i, k] = each[i];
                }
            }
        }
    }

    private void Run(
        Explainer explainer, int count, InputFiller fill, Func<int, int, ReadOnlyMemory<float>> around, BatchUser use,
        Action<double>? progress, CancellationToken cancel, bool inAnyOrder = false) => explainer.Batches(
            Network, count, _input.Size, backward: false, [_target], (i, x) => _input.Fill(i, x, fill, around), use, progress, cancel,
            inAnyOrder);

    private static NetworkTail Make(Network network, Node layer, Node target, (int Height, int Width) image)
    {
        Node[] nodes = [
            .. network.Nodes.Where(n => n.Id > layer.Id && GraphPaths.Lead(network, layer, n) && GraphPaths.Lead(network, n, target))];
        ImmutableArray<Shape> shapes = network.Shapes(1, image.Height, image.Width);
        HashSet<int> inside = [.. nodes.Select(n => n.Id)];
        Node[] around = [.. nodes.SelectMany(n => n.Inputs).Distinct().Where(i => i != layer.Id && !inside.Contains(i)).Order()
            .Select(i => network.Nodes[i])];
        var input = new TailInput([layer, .. around], shapes);
        (NetworkBuilder builder, Dictionary<int, string> names) = input.Start();
        foreach (Node node in nodes)
        {
            string[] inputs = [.. node.Inputs.Select(i => names.GetValueOrDefault(i, network.Nodes[i].Name))];
            builder.Add(node.Name, node.Layer, inputs, node.Weights.AsSpan());
        }

        Network tail = builder.BuildPart($"{network.Name} behind {layer.Name}", input.Size);
        return new NetworkTail(tail, tail.Find(builder.Last), input) { Layers = nodes.Length };
    }
}
