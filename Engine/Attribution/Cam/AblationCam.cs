using Interp.Engine.Backends;
using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// Ablation-CAM: w_k = (S − S_k) / |S|, S_k the target with map A^k set to 0; L = ReLU(Σ_k w_k A^k) (S. Desai, H. Ramaswamy, equation 3,
/// which divides by S: the same for S &gt; 0; for S &lt; 0 its sign would turn the map round). No division where S is 0. The network runs
/// from the layer on only, in batches, once for each map that is not 0; what comes from around the layer, as in a residual block, stays the
/// image's.
/// </summary>
internal sealed class AblationCam() : CamMethod(
    "ablationcam", "Ablation-CAM",
    "feature maps weighed by the share of the target that is lost without them, ReLU; one pass a map through the layers behind",
    "S. Desai, H. Ramaswamy, WACV 2020, doi 10.1109/WACV45572.2020.9093360",
    "ReLU(Σ_k w_k A^k), w_k = (S − S_k) / |S|, S_k the target without A^k")
{
    /// <inheritdoc/>
    public override bool UsesGradient => false;

    /// <summary>A pass through the layers behind counts as the share of the network's layers that they are.</summary>
    /// <inheritdoc/>
    public override Work EstimatedWork(AttributionRequest request)
    {
        CamLayers layers = CamLayers.Of(request);
        long nodes = request.Network.Nodes.Length;
        return new Work(1 + layers.Nodes.Zip(layers.Channels(request), (n, c) => c * (nodes - n.Id) / nodes).Sum(), 0);
    }

    /// <inheritdoc/>
    protected override RawMap Weigh(FeatureMaps maps)
    {
        AttributionRequest request = maps.Request;
        Node target = request.Target.NodeIn(request.Network);
        var weights = new double[maps.Channels];
        if (!GraphPaths.Lead(request.Network, maps.Layer, target))
        {
            return new RawMap(maps.Sum(weights), weights);
        }

        NetworkTail tail = NetworkTail.Behind(
            request.Network, maps.Layer, target, (request.Input.Image.Height, request.Input.Image.Width));
        int[] channels = [.. Enumerable.Range(0, maps.Channels).Where(k => maps.A(k).ContainsAnyExcept(0f))];
        double[] scores = tail.Scores(request, channels.Length + 1, (i, input) =>
        {
            maps.Activation.CopyTo(input);
            if (i > 0)
            {
                input.Slice(channels[i - 1] * maps.Positions, maps.Positions).Clear();
            }
        });
        double scale = scores[0] == 0 ? 1 : Math.Abs(scores[0]);
        for (int i = 0; i < channels.Length; i++)
        {
            weights[channels[i]] = (scores[0] - scores[i + 1]) / scale;
        }

        return new RawMap(maps.Sum(weights), weights)
        {
            Facts = [new Fact("ablated_maps", channels.Length), new Fact("layers_run_for_each", tail.Layers)],
            ConstantScore = ConstantScore.Problem(
                request.Target, scores, $"the feature maps of layer {maps.Layer.Name}", "no map that was removed matters to it"),
        };
    }
}
