namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// Grad-CAM: L = ReLU(Σ_k w_k A^k), w_k = (1/hw) Σ_ij ∂S/∂A^k_ij (R. Selvaraju et al., equations 1 and 2; the official code sums instead of
/// averaging, which only scales L). On a network that ends in global average pooling and one linear layer it is CAM (B. Zhou et al., arXiv
/// 1512.04150) up to the factor 1/hw.
/// </summary>
internal sealed class GradCam() : ChannelCam(
    "gradcam", "Grad-CAM", "feature maps weighed by their mean gradient, ReLU", "R. Selvaraju et al., arXiv 1610.02391",
    "ReLU(Σ_k w_k A^k), w_k the mean of g^k = ∂S/∂A^k")
{
    /// <inheritdoc/>
    protected override double[] Weights(FeatureMaps maps) => maps.Arithmetic.PlaneMeans(maps.Gradient, maps.Positions);
}
