using Interp.Engine.LinearAlgebra;
using Interp.Engine.Models;

namespace Interp.Engine.Influence;

/// <summary>What a head says about an image.</summary>
public sealed class HeadAnswer
{
    private readonly double[] _logits, _probabilities;

    private HeadAnswer(double[] logits, int label)
    {
        (_logits, Label) = (logits, label);
        _probabilities = [.. logits];
        SoftmaxOutput.Normalise(_probabilities);
        double[] others = [.. logits.Where((_, c) => c != label)];
        (double largest, double sum) = SoftmaxOutput.Normalise(others);
        Margin = logits[label] - largest - Math.Log(sum);
        Loss = Margin > 0 ? Math.Log(1 + Math.Exp(-Margin)) : Math.Log(1 + Math.Exp(Margin)) - Margin;
    }

    /// <summary>The class asked about, y.</summary>
    public int Label { get; }

    /// <summary>z = Wᵀ h̃.</summary>
    public ReadOnlySpan<double> Logits => _logits;

    /// <summary>softmax(z).</summary>
    public ReadOnlySpan<double> Probabilities => _probabilities;

    /// <summary>p_y.</summary>
    public double Probability => _probabilities[Label];

    /// <summary>log p_y / (1 − p_y) = z_y − log Σ_{j≠y} exp z_j.</summary>
    public double Margin { get; }

    /// <summary>ℓ = −log p_y.</summary>
    public double Loss { get; }

    /// <summary>The class with the largest logit; of equal ones the first.</summary>
    public int Prediction => Array.IndexOf(_logits, _logits.Max());

    /// <summary>p − e_y.</summary>
    internal double[] Residual
    {
        get
        {
            double[] r = [.. _probabilities];
            r[Label] -= 1;
            return r;
        }
    }

    /// <summary>Asks a head.</summary>
    /// <param name="weights">W, <c>[d+1,classes]</c>.</param>
    /// <param name="row">h̃.</param>
    /// <param name="label">The class asked about.</param>
    internal static HeadAnswer Of(ReadOnlySpan<double> weights, double[] row, int label)
    {
        var z = new double[weights.Length / row.Length];
        for (int k = 0; k < row.Length; k++)
        {
            Vectors.Add(z, row[k], weights.Slice(k * z.Length, z.Length));
        }

        return new HeadAnswer(z, label);
    }
}
