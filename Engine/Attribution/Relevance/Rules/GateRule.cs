using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// A product of a map and a gate hands all to the map and nothing to the gate, which counts as a weight: y = x·g, R_x = R, R_g = 0
/// ("signal takes all", L. Arras et al., "Explaining and interpreting LSTMs", arXiv 1909.12114, section 3.2). For squeeze-and-excitation.
/// </summary>
public sealed class GateRule() : LayerRule("gate")
{
    /// <inheritdoc/>
    public override bool ReadsInputs => false;

    /// <inheritdoc/>
    public override bool Fits(Layer layer) => layer is Multiply;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper) => [upper, new float[layer.InputShape(1).Count]];
}
