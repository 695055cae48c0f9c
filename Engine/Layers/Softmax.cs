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
}
