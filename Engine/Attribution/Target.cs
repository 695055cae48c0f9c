using Interp.Engine.Layers;

namespace Interp.Engine.Attribution;

/// <summary>The scalar that is explained: a class's logit z_c, or its probability p_c = softmax(z)_c.</summary>
/// <param name="Class">The class, 0-based.</param>
/// <param name="Probability">Whether the probability is explained rather than the logit.</param>
public sealed record Target(int Class, bool Probability = false)
{
    /// <summary><c>logit</c> or <c>probability</c>.</summary>
    public string Quantity => Probability ? "probability" : "logit";

    /// <summary>
    /// The gradient of the scalar with respect to the logits, for each row of <c>[N,classes]</c>: δ_cj for the logit, p_c·(δ_cj − p_j) for the
    /// probability, computed in float64. 1 − p_c is added up from the other classes, so that it stays exact to rounding where p_c is nearly 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The class does not exist.</exception>
    public float[] Seed(ReadOnlySpan<float> logits, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Class);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Class, classes);
        var seed = new float[logits.Length];
        for (int row = 0; row < logits.Length; row += classes)
        {
            if (!Probability)
            {
                seed[row + Class] = 1;
                continue;
            }

            double[] p = Softmax.Probabilities(logits.Slice(row, classes));
            double others = 0;
            for (int j = 0; j < classes; j++)
            {
                others += j == Class ? 0 : p[j];
                seed[row + j] = (float)(-p[Class] * p[j]);
            }

            seed[row + Class] = (float)(p[Class] * others);
        }

        return seed;
    }
}
