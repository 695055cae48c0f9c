using Interp.Engine.Layers;

namespace Interp.Engine.Attribution;

/// <summary>Says in words what is wrong with an attribution, and why where that can be told.</summary>
internal static class Diagnosis
{
    internal static IEnumerable<string> Of(float[] values, AttributionRequest request, float[] logits)
    {
        int strange = Strange(values);
        if (strange > 0)
        {
            yield return $"{strange} of {values.Length} values are not finite (NaN or infinite): {Overflow(request, logits) ?? "the backward pass overflows"}";
        }
        else if (values.All(v => v == 0))
        {
            yield return $"map is empty: every value is 0, since {Overflow(request, logits) ?? Underflow(request, logits)}";
        }
    }

    private static string? Overflow(AttributionRequest request, float[] logits) =>
        Strange(request.Input.Tensor) > 0 ? "the input holds values that are not finite"
        : Strange(logits) > 0 ? "the network's logits are not finite: its weights or activations overflow"
        : null;

    private static string Underflow(AttributionRequest request, float[] logits)
    {
        Target target = request.Target;
        if (target.Probability && target.Seed(logits, logits.Length).Max(MathF.Abs) < 1e-30f)
        {
            return $"the probability of class {target.Class} is {Softmax.Probabilities(logits)[target.Class]:G4} and hardly changes; explain its logit instead";
        }

        string options = string.Join(", ", request.Options.Texts.Select(o => $"{o.Key} {o.Value}"));
        return $"no gradient of the {target.Quantity} of class {target.Class} reaches the input{(options.Length > 0 ? $" with {options}" : "")}";
    }

    private static int Strange(float[] values) => values.Count(v => !float.IsFinite(v));
}
