using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>
/// A class's logit z_c or its probability p_c = softmax(z)_c; or, against another class a, the difference z_c − z_a or p_c − p_a: what speaks for c
/// rather than a.
/// </summary>
/// <param name="Id">The class c, 0-based.</param>
/// <param name="Probability">Whether probabilities are explained rather than logits.</param>
/// <param name="Against">The class a, or null.</param>
public sealed record ClassTarget(int Id, bool Probability = false, int? Against = null) : Target
{
    /// <inheritdoc/>
    public override int? Class => Id;

    /// <inheritdoc/>
    public override string Quantity => (Probability ? "probability" : "logit") + (Against is null ? "" : " difference");

    /// <inheritdoc/>
    public override string Description => Against is null ? $"{Quantity} of class {Id}" : $"{Quantity} between class {Id} and class {Against}";

    /// <inheritdoc/>
    public override double[] Scores(ReadOnlySpan<float> activation, Shape shape)
    {
        int classes = CheckedClasses(shape);
        var scores = new double[shape[0]];
        for (int n = 0; n < scores.Length; n++)
        {
            ReadOnlySpan<float> z = activation.Slice(n * classes, classes);
            if (Probability)
            {
                double[] p = Softmax.Probabilities(z);
                scores[n] = p[Id] - (Against is { } a ? p[a] : 0);
            }
            else
            {
                scores[n] = z[Id] - (Against is { } a ? (double)z[a] : 0);
            }
        }

        return scores;
    }

    /// <summary>
    /// δ_cj for the logit, p_c·(δ_cj − p_j) for the probability, computed in float64, minus the same for the class against. 1 − p_c is added up from the
    /// other classes, so that it stays exact to rounding where p_c is nearly 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The class does not exist.</exception>
    public override float[] Gradient(ReadOnlySpan<float> activation, Shape shape)
    {
        int classes = CheckedClasses(shape);
        var gradient = new float[activation.Length];
        for (int row = 0; row < gradient.Length; row += classes)
        {
            Span<float> g = gradient.AsSpan(row, classes);
            Add(g, activation.Slice(row, classes), Id, 1);
            if (Against is { } a)
            {
                Add(g, activation.Slice(row, classes), a, -1);
            }
        }

        return gradient;
    }

    private void Add(Span<float> gradient, ReadOnlySpan<float> logits, int c, int sign)
    {
        if (!Probability)
        {
            gradient[c] += sign;
            return;
        }

        double[] p = Softmax.Probabilities(logits);
        double others = 0;
        for (int j = 0; j < p.Length; j++)
        {
            if (j != c)
            {
                others += p[j];
                gradient[j] += (float)(-sign * p[c] * p[j]);
            }
        }

        gradient[c] += (float)(sign * p[c] * others);
    }

    private int CheckedClasses(Shape shape)
    {
        int classes = shape[1];
        foreach (int c in (ReadOnlySpan<int>)[Id, Against ?? 0])
        {
            ArgumentOutOfRangeException.ThrowIfNegative(c);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(c, classes);
        }

        return classes;
    }
}
