namespace Interp.Engine.Attribution.Relevance;

/// <summary>How one layer hands what arrives at its output on to its inputs. Holds no state. A new rule is one file and one line in a composite.</summary>
internal abstract class LayerRule
{
    /// <summary>Whether <see cref="Back"/> reads the layer's inputs.</summary>
    public virtual bool ReadsInputs => true;

    /// <summary>Whether <see cref="Back"/> reads the layer's output.</summary>
    public virtual bool ReadsOutput => false;

    /// <summary>What each input receives.</summary>
    /// <param name="layer">The layer and its activations.</param>
    /// <param name="upper">What arrives at the output; must not be changed.</param>
    /// <returns>One array for each of the layer's inputs, of that input's size; may be <paramref name="upper"/> itself.</returns>
    public abstract float[][] Back(LayerPass layer, float[] upper);
}
