namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// HiResCAM: L = ReLU(Σ_k g^k ⊙ A^k) (R. Draelos, L. Carin). Where only linear layers follow, Σ_ij L_ij before the ReLU plus the bias is
/// the logit: each position's exact share.
/// </summary>
internal sealed class HiResCam() : CamMethod(
    "hirescam", "HiResCAM", "feature maps times their gradient at each position, ReLU", "R. Draelos, L. Carin, arXiv 2011.08891",
    "ReLU(Σ_k g^k ⊙ A^k), g^k = ∂S/∂A^k")
{
    /// <inheritdoc/>
    protected override RawMap Weigh(FeatureMaps maps) => new(maps.Sum((a, g) => g * a));
}
