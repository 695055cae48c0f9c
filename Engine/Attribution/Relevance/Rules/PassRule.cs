using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>Hands on unchanged what arrives: activation functions, and layers that only rearrange.</summary>
public sealed class PassRule() : LayerRule("pass")
{
    /// <inheritdoc/>
    public override bool ReadsInputs => false;

    /// <inheritdoc/>
    public override bool Fits(Layer layer) => layer is ReLU or Activation or PReLU or Softmax or Dropout or Identity or Flatten;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper) => [upper];
}
