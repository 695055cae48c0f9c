using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>Says in words what is wrong with an attribution, and why where that can be told.</summary>
internal static class Diagnosis
{
    internal static IEnumerable<string> Of(Explanation found, AttributionRequest request, float[] logits)
    {
        float[] values = found.Values;
        int strange = Strange(values);
        if (strange > 0)
        {
            yield return $"{strange} of {values.Length} values are not finite (NaN or infinite): {Overflow(request, logits) ?? "the backward pass overflows"}";
        }
        else if (found.Diagnosis.IsEmpty && values.All(v => v == 0))
        {
            yield return $"map is empty: every value is 0, since {Overflow(request, logits) ?? Underflow(request, logits)}";
        }
        else if (found.Diagnosis.IsEmpty && values.All(v => v == values[0]))
        {
            yield return $"map is constant: every value is {values[0]:g6}, so no pixel stands out";
        }

        foreach (string known in found.Diagnosis)
        {
            yield return known;
        }
    }

    private static string? Overflow(AttributionRequest request, float[] logits) =>
        Strange(request.Input.Tensor) > 0 ? "the input holds values that are not finite"
        : Strange(logits) > 0 ? $"the network's logits are not finite; {LayerProbe.FirstNotFinite(request) ?? "its last layer overflows"}"
        : null;

    private static string Underflow(AttributionRequest request, float[] logits)
    {
        Target target = request.Target;
        if (target is ClassTarget { Probability: true } c && c.Gradient(logits, new Shape(1, logits.Length)).Max(MathF.Abs) < 1e-30f)
        {
            return $"the probability of class {c.Id} is {Softmax.Probabilities(logits)[c.Id]:G4} and hardly changes; explain its logit instead";
        }

        string options = string.Join(", ", request.Options.Texts.Select(o => $"{o.Key} {o.Value}"));
        string said = $"nothing of the {target.Description} reaches the input{(options.Length > 0 ? $" with {options}" : "")}";
        return request.Options.First<ReluRule>() is { } rule && LayerProbe.WhereGradientEnds(request, rule) is { } where ? $"{said}: {where}" : said;
    }

    private static int Strange(float[] values) => values.Count(v => !float.IsFinite(v));
}
