namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// Where a layer is active at all: M = (1/K) Σ_k A^k. No gradient and no ReLU, and the same for every target: it shows what the network
/// sees, not what speaks for a class.
/// </summary>
internal sealed class MeanCam() : ChannelCam(
    "gradcam-simple", "Mean of the feature maps (class-agnostic)", "mean of the feature maps, the same for every class",
    "the step before weights in arXiv 1610.02391",
    "(1/K) Σ_k A^k")
{
    /// <inheritdoc/>
    public override bool UsesGradient => false;

    /// <inheritdoc/>
    public override bool IsClassAgnostic => true;

    /// <inheritdoc/>
    protected override bool HasRelu => false;

    /// <inheritdoc/>
    protected override double[] Weights(FeatureMaps maps) => maps.OfEach(_ => 1.0 / maps.Channels);
}
