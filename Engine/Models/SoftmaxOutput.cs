namespace Interp.Engine.Models;

/// <summary>
/// One class of several: p_c = exp(z_c) / Σ_j exp(z_j), computed after subtracting the largest z; ∂p_c / ∂z_j = p_c (δ_cj − p_j). A row
/// that holds NaN is NaN throughout.
/// </summary>
internal sealed class SoftmaxOutput : OutputActivation
{
    /// <inheritdoc/>
    public override string Name => "softmax";

    /// <inheritdoc/>
    public override double[] Probabilities(ReadOnlySpan<float> logits)
    {
        var p = new double[logits.Length];
        for (int i = 0; i < p.Length; i++)
        {
            p[i] = logits[i];
        }

        Normalise(p);
        return p;
    }

    /// <summary>Turns logits z into probabilities in their place.</summary>
    /// <returns>The largest z, and Σ_j exp(z_j − largest).</returns>
    internal static (double Largest, double Sum) Normalise(Span<double> z)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double value in z)
        {
            largest = Math.Max(largest, value);
        }

        for (int c = 0; c < z.Length; c++)
        {
            sum += z[c] = Math.Exp(z[c] - largest);
        }

        for (int c = 0; c < z.Length; c++)
        {
            z[c] /= sum;
        }

        return (largest, sum);
    }

    /// <summary>log p_c = −log(1 + Σ_j≠c exp(z_j − z_c)) with the largest exponent taken out.</summary>
    /// <inheritdoc/>
    public override double LogProbability(ReadOnlySpan<float> logits, int c)
    {
        CheckClass(c, logits.Length);
        double largest = 0;
        foreach (float z in logits)
        {
            largest = Math.Max(largest, (double)z - logits[c]);
        }

        double others = 0;
        for (int j = 0; j < logits.Length; j++)
        {
            others += j == c ? 0 : Math.Exp((double)logits[j] - logits[c] - largest);
        }

        return largest > 0 ? -largest - Math.Log(others + Math.Exp(-largest)) : -LogOnePlus(others);
    }

    /// <summary>δ_cj − p_j; 1 − p_c is added up from the other classes.</summary>
    /// <inheritdoc/>
    public override double[] LogGradient(ReadOnlySpan<float> logits, int c)
    {
        CheckClass(c, logits.Length);
        double[] gradient = Probabilities(logits);
        double others = 0;
        for (int j = 0; j < gradient.Length; j++)
        {
            others += j == c ? 0 : gradient[j];
            gradient[j] = -gradient[j];
        }

        gradient[c] = others;
        return gradient;
    }
}
