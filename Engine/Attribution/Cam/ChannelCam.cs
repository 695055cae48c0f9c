namespace Interp.Engine.Attribution.Cam;

/// <summary>A class activation map that has one weight for each feature map: Σ_k w_k A^k.</summary>
/// <inheritdoc/>
internal abstract class ChannelCam(string name, string title, string summary, string paper, string formula)
    : CamMethod(name, title, summary, paper, formula)
{
    /// <summary>All w_k.</summary>
    protected abstract double[] Weights(FeatureMaps maps);

    /// <inheritdoc/>
    protected override RawMap Weigh(FeatureMaps maps)
    {
        double[] weights = Weights(maps);
        return new RawMap(maps.Sum(weights), weights);
    }
}
