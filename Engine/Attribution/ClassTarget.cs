using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>
/// A class's logit z_c or its probability p_c, by the network's <see cref="OutputActivation"/>; or, against another class a, the
/// difference z_c − z_a or p_c − p_a: what speaks for c rather than a.
/// </summary>
/// <param name="Id">The class c, 0-based.</param>
/// <param name="Probability">Whether probabilities are explained rather than logits.</param>
/// <param name="Against">The class a, or null.</param>
public sealed record ClassTarget(int Id, bool Probability = false, int? Against = null) : Target
{
    /// <inheritdoc/>
    public override int? Class => Id;

    /// <inheritdoc/>
    /// <exception cref="InputException">The network has no classes; the message names a unit to ask for instead.</exception>
    public override Node NodeIn(Network network) => network.ClassOutput;

    /// <inheritdoc/>
    public override string Quantity => (Probability ? "probability" : "logit") + (Against is null ? "" : " difference");

    /// <inheritdoc/>
    public override string Description =>
        Against is null ? $"{Quantity} of class {Id}" : $"{Quantity} between class {Id} and class {Against}";

    /// <inheritdoc/>
    public override double[] Scores(ReadOnlySpan<float> activation, Shape shape, OutputActivation output)
    {
        int classes = CheckedClasses(shape);
        var scores = new double[shape[0]];
        for (int n = 0; n < scores.Length; n++)
        {
            ReadOnlySpan<float> z = activation.Slice(n * classes, classes);
            if (Probability)
            {
                double[] p = output.Probabilities(z);
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
    /// δ_cj for the logit, ∂p_c / ∂z_j for the probability, computed in float64, minus the same for the class against.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The class does not exist.</exception>
    public override float[] Gradient(ReadOnlySpan<float> activation, Shape shape, OutputActivation output)
    {
        int classes = CheckedClasses(shape);
        var gradient = new float[activation.Length];
        for (int row = 0; row < gradient.Length; row += classes)
        {
            Add(gradient.AsSpan(row, classes), activation.Slice(row, classes), Id, 1, output);
            if (Against is { } a)
            {
                Add(gradient.AsSpan(row, classes), activation.Slice(row, classes), a, -1, output);
            }
        }

        return gradient;
    }

    private void Add(Span<float> gradient, ReadOnlySpan<float> logits, int c, int sign, OutputActivation output)
    {
        if (!Probability)
        {
            gradient[c] += sign;
            return;
        }

        double[] slope = output.Gradient(logits, c);
        for (int j = 0; j < slope.Length; j++)
        {
            gradient[j] += (float)(sign * slope[j]);
        }
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
