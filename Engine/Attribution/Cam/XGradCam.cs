namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// XGrad-CAM: w_k = Σ_ij g_ij·A^k_ij / (Σ_ij A^k_ij + 1e-7) (R. Fu et al., equation 8), so that Σ_ij L_ij before the ReLU is Σ_k Σ_ij g·A:
/// the score itself, but for biases, where the rest of the network is piecewise linear.
/// </summary>
internal sealed class XGradCam() : ChannelCam(
    "xgradcam", "XGrad-CAM", "feature maps weighed by their gradient, averaged with the activations as weights, ReLU",
    "R. Fu, Q. Hu, X. Dong, Y. Guo, Y. Gao, B. Li, arXiv 2008.02312",
    "ReLU(Σ_k w_k A^k), w_k = Σ_ij g_ij A^k_ij / Σ_ij A^k_ij")
{
    private const double Epsilon = 1e-7;

    /// <inheritdoc/>
    protected override double[] Weights(FeatureMaps maps) =>
        maps.OfEach(k => maps.Total(k, (a, g) => a * g) / (maps.Total(k, (a, _) => a) + Epsilon));
}
