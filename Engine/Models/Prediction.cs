namespace Interp.Engine.Models;

/// <summary>What a classifier says of one class.</summary>
/// <param name="Class">The class, 0-based.</param>
/// <param name="Label">Its name.</param>
/// <param name="Logit">Its logit.</param>
/// <param name="Probability">Its probability by the model's output activation, computed in float64.</param>
public sealed record Prediction(int Class, string Label, float Logit, double Probability)
{
    /// <summary>The classes with the largest logits, largest first; among equal logits the lower class comes first, NaN comes
    /// last.</summary>
    /// <param name="logits">One row of logits.</param>
    /// <param name="labels">The classes' names.</param>
    /// <param name="output">How logits become probabilities.</param>
    /// <param name="count">How many are wanted; there are never more than classes.</param>
    public static IReadOnlyList<Prediction> Top(ReadOnlySpan<float> logits, Labels labels, OutputActivation output, int count)
    {
        float[] values = logits.ToArray();
        double[] p = output.Probabilities(logits);
        return [.. Enumerable.Range(0, values.Length)
            .OrderByDescending(i => values[i])
            .Take(count)
            .Select(i => new Prediction(i, labels[i], values[i], p[i]))];
    }
}
