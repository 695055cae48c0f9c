namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// LayerCAM: L = ReLU(Σ_k relu(g^k) ⊙ A^k), a weight for each position (P.-T. Jiang et al., IEEE TIP 2021, equations 5 and 6). Meant for
/// any layer: early ones give fine maps.
/// </summary>
internal sealed class LayerCam() : CamMethod(
    "layercam", "LayerCAM", "feature maps times their positive gradient at each position, ReLU",
    "P.-T. Jiang, C.-B. Zhang, Q. Hou, M.-M. Cheng, Y. Wei, doi 10.1109/TIP.2021.3089943",
    "ReLU(Σ_k relu(g^k) ⊙ A^k), g^k = ∂S/∂A^k")
{
    /// <inheritdoc/>
    protected override RawMap Weigh(FeatureMaps maps) => new(maps.Sum((a, g) => Math.Max(g, 0) * a));
}
