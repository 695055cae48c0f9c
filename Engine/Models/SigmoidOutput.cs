namespace Interp.Engine.Models;

/// <summary>
/// Every output for itself: p_c = σ(z_c) = 1 / (1 + exp(−z_c)), ∂p_c / ∂z_j = δ_cj p_c (1 − p_c). One output is a detector of one class,
/// whose absence has the probability 1 − p; several are independent of one another, and their probabilities do not add up to 1. NaN spoils
/// its own output only.
/// </summary>
internal sealed class SigmoidOutput : OutputActivation
{
    /// <inheritdoc/>
    public override string Name => "sigmoid";

    /// <inheritdoc/>
    public override double[] Probabilities(ReadOnlySpan<float> logits)
    {
        var p = new double[logits.Length];
        for (int i = 0; i < p.Length; i++)
        {
            p[i] = Sigma(logits[i]);
        }

        return p;
    }

    /// <summary>log σ(z_c) = −log(1 + exp(−z_c)), for z_c &lt; 0 as z_c − log(1 + exp(z_c)).</summary>
    /// <inheritdoc/>
    public override double LogProbability(ReadOnlySpan<float> logits, int c)
    {
        CheckClass(c, logits.Length);
        double z = logits[c];
        return z < 0 ? z - LogOnePlus(Math.Exp(z)) : -LogOnePlus(Math.Exp(-z));
    }

    /// <summary>δ_cj (1 − p_c), with 1 − σ(z) as σ(−z).</summary>
    /// <inheritdoc/>
    public override double[] LogGradient(ReadOnlySpan<float> logits, int c)
    {
        CheckClass(c, logits.Length);
        var gradient = new double[logits.Length];
        gradient[c] = Sigma(-logits[c]);
        return gradient;
    }

    /// <summary>σ(z), exact to rounding on both sides of 0: nothing overflows, and a small value is no difference from 1.</summary>
    private static double Sigma(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));
}
