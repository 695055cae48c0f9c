namespace Interp.Engine.Attribution.Cam;

/// <summary>A class activation map that has one weight for each feature map: Σ_k w_k A^k.</summary>
/// <inheritdoc/>
public abstract class ChannelCam(string name, string title, string summary, string paper) : CamMethod(name, title, summary, paper)
{
    /// <summary>w_k of one map.</summary>
    protected abstract double Weight(FeatureMaps maps, int k);

    /// <inheritdoc/>
    protected override RawMap Weigh(FeatureMaps maps)
    {
        double[] weights = [.. Enumerable.Range(0, maps.Channels).Select(k => Weight(maps, k))];
        return new RawMap(maps.Sum(weights), weights);
    }
}
