namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// Grad-CAM++: w_k = Σ_ij α_ij·relu(g_ij), α_ij = g² / (2g² + g³·Σ_ab A^k_ab + ε), α = 0 where g = 0 (A. Chattopadhyay et al., equations 10
/// and 19, the closed form for the score exp(S)). ε = 1e-6 as in pytorch-grad-cam; gradients well below 1e-3 are therefore damped, which
/// decides the numbers for large maps.
/// </summary>
internal sealed class GradCamPlusPlus() : ChannelCam(
    "gradcam++", "Grad-CAM++", "feature maps weighed by their positive gradients, each position by its second-order share, ReLU",
    "A. Chattopadhyay, A. Sarkar, P. Howlader, V. Balasubramanian, arXiv 1710.11063",
    "ReLU(Σ_k w_k A^k), w_k = Σ_ij α_ij relu(g_ij), α_ij = g² / (2g² + g³ Σ_ab A^k_ab)")
{
    private const double Epsilon = 1e-6;

    /// <inheritdoc/>
    protected override double[] Weights(FeatureMaps maps) => maps.OfEach(k => Weight(maps, k));

    private static double Weight(FeatureMaps maps, int k)
    {
        double sum = maps.Total(k, (a, _) => a);
        return maps.Total(k, (_, g) => g > 0 ? g * g * g / ((2 * g * g) + (g * g * g * sum) + Epsilon) : 0);
    }
}
