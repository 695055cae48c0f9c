using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Softmax over the features of <c>[N,F]</c>: p[n,c] = exp(z[n,c]) / Σ_j exp(z[n,j]), computed after subtracting the largest z.
/// Backward: R_in[c] = p[c] · (R[c] − Σ_j p[j]·R[j]).
/// </summary>
public sealed record Softmax : Layer
{
    internal const string Name = "softmax";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs) => Expect.One(Name, inputs, rank: 2);

    /// <summary>The probabilities of one row of logits, computed in float64 in index order. A row holding NaN gives NaN.</summary>
    public static double[] Probabilities(ReadOnlySpan<float> logits)
    {
        var p = new double[logits.Length];
        double largest = double.NegativeInfinity;
        foreach (float z in logits)
        {
            largest = Math.Max(largest, z);
        }

        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            sum += p[i] = Math.Exp(logits[i] - largest);
        }

        for (int i = 0; i < p.Length; i++)
        {
            p[i] /= sum;
        }

        return p;
    }

    /// <summary>
    /// log p[c] of one row of logits, computed in float64: −log(1 + Σ_j≠c exp(z[j] − z[c])) with the largest exponent taken out. It neither
    /// overflows nor rounds to 0 or −∞ while the difference of two logits is finite.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public static double LogProbability(ReadOnlySpan<float> logits, int c)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(c);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(c, logits.Length);
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

    /// <summary>log(1 + x) for x ≥ 0 without losing a small x. D. Goldberg, ACM Computing Surveys 23 (1991), theorem 4.</summary>
    private static double LogOnePlus(double x) => 1 + x is var sum && sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
}
