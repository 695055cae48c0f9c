using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// How one layer hands the relevance at its output on to its inputs. Holds no state, so that one rule serves many layers and threads. Most
/// rules are sums of products and derive from <see cref="Rules.LinearRule"/>; one of another form overrides <see cref="Back"/>. A <see
/// cref="Composite"/> says which layers follow it.
/// </summary>
/// <param name="name">What it is called in messages and manifests, with its parameters: <c>gamma(0.25)</c>.</param>
public abstract class LayerRule(string name)
{
    /// <summary>What it is called in messages and manifests, with its parameters.</summary>
    public string Name => name;

    /// <summary>Whether <see cref="Back"/> reads the layer's inputs.</summary>
    public virtual bool ReadsInputs => true;

    /// <summary>Whether <see cref="Back"/> reads the layer's output.</summary>
    public virtual bool ReadsOutput => false;

    /// <summary>
    /// Whether the rule is defined for a layer. Of the layers that a selector takes, those that the rule does not fit are left to the rules
    /// after it.
    /// </summary>
    public virtual bool Fits(Layer layer) => true;

    /// <summary>What each input receives. The same arguments must give the same bits.</summary>
    /// <param name="layer">The layer and its activations on the image.</param>
    /// <param name="upper">The relevance at the output, in the output's layout; must not be changed.</param>
    /// <returns>One array for each of the layer's inputs, of that input's size; may be <paramref name="upper"/> itself.</returns>
    public abstract float[][] Back(LayerPass layer, float[] upper);

    /// <inheritdoc/>
    public sealed override string ToString() => name;
}
