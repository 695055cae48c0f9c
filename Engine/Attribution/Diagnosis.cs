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
            string cause = Strange(request.Input.Tensor) > 0 ? "the input holds such values"
                : Strange(logits) > 0 ? "the network's logits hold such values, so its weights or activations overflow"
                : "the backward pass overflows";
            yield return $"{strange} of {values.Length} values are not finite (NaN or infinite): {cause}";
        }
        else if (values.All(v => v == 0))
        {
            yield return $"map is empty: every value is 0, {WhyEmpty(request, logits)}";
        }
    }

    private static string WhyEmpty(AttributionRequest request, float[] logits)
    {
        Target target = request.Target;
        if (target.Probability)
        {
            double p = Softmax.Probabilities(logits)[target.Class];
            float steepest = target.Seed(logits, logits.Length).Max(MathF.Abs);
            if (steepest < 1e-30f)
            {
                return $"since the probability of class {target.Class} is {p:G4} and hardly changes; explain its logit instead";
            }
        }

        string options = string.Join(", ", request.Options.Texts.Select(o => $"{o.Key} {o.Value}"));
        return $"since no gradient of the {target.Quantity} of class {target.Class} reaches the input{(options.Length > 0 ? $" with {options}" : "")}";
    }

    private static int Strange(float[] values) => values.Count(v => !float.IsFinite(v));
}
