using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// Ablation-CAM: w_k = (S − S_k) / |S|, S_k the target with map A^k set to 0; L = ReLU(Σ_k w_k A^k) (S. Desai, H. Ramaswamy, equation 3,
/// which divides by S: the same for S &gt; 0; for S &lt; 0 its sign would turn the map round). No division where S is 0. The network runs
/// from the layer on only, in batches, once for each map that is not 0, and from behind its first linear layer on where the layers before
/// that take each map on its own (<see cref="ChannelRemoval"/>); what comes from around the layer, as in a residual block, stays the
/// image's.
/// </summary>
internal sealed class AblationCam() : CamMethod(
    "ablationcam", "Ablation-CAM",
    "feature maps weighed by the share of the target that is lost without them, ReLU; one pass a map through the layers behind",
    "S. Desai, H. Ramaswamy, WACV 2020, doi 10.1109/WACV45572.2020.9093360",
    "ReLU(Σ_k w_k A^k), w_k = (S − S_k) / |S|, S_k the target without A^k")
{
    private static readonly MethodOption<bool> s_full = MethodOption.Switch(
        "full", "run all layers behind for each map, instead of differences at the first linear layer");

    /// <inheritdoc/>
    public override bool UsesGradient => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<MethodOption> OwnOptions => [s_full];

    /// <summary>A pass through the layers that run for each map counts as the share of the network's multiplications that they
    /// are.</summary>
    /// <inheritdoc/>
    public override Work EstimatedWork(AttributionRequest request)
    {
        CamLayers layers = CamLayers.Of(request);
        Network network = request.Network;
        Node target = request.Target.NodeIn(network);
        var costs = new Multiplications(network, (request.Input.Image.Height, request.Input.Image.Width));
        double passes =
            layers.Nodes.Zip(layers.Channels(request), (layer, channels) => channels * costs.Share(FirstRun(layer), target)).Sum();
        return new Work(1 + (long)Math.Ceiling(passes), 0);

        Node FirstRun(Node layer)
        {
            ChannelChain chain = ChannelChain.Behind(network, layer, target);
            return request.Options.Get(s_full) ? layer : chain.Linear ?? chain.End;
        }
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

        var removal = new ChannelRemoval(maps, target, request.Options.Get(s_full));
        int[] channels = [.. Enumerable.Range(0, maps.Channels).Where(k => maps.A(k).ContainsAnyExcept(0f))];
        double[] scores = removal.Scores(channels);
        double scale = scores[0] == 0 ? 1 : Math.Abs(scores[0]);
        for (int i = 0; i < channels.Length; i++)
        {
            weights[channels[i]] = (scores[0] - scores[i + 1]) / scale;
        }

        Fact[] differences = removal.Linear is { } linear ? [new Fact("differences_at", linear.Name)] : [];
        return new RawMap(maps.Sum(weights), weights)
        {
            Facts = [new Fact("ablated_maps", channels.Length), new Fact("layers_run_for_each", removal.Layers), .. differences],
            ConstantScore = ConstantScore.Problem(
                request.Target, scores, $"the feature maps of layer {maps.Layer.Name}", "no map that was removed matters to it"),
        };
    }
}
