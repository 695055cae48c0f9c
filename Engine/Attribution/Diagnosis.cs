using Interp.Engine.Attribution.Gradients;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>Says in words what is wrong with an attribution, and why where that can be told.</summary>
internal static class Diagnosis
{
    /// <summary>The derivative of a probability by the logits below which it counts as saturated.</summary>
    private const double Saturated = 1e-4;

    internal static IEnumerable<string> Of(Explanation found, AttributionRequest request, float[] logits)
    {
        float[] values = found.Values;
        int strange = Strange(values);
        if (strange > 0)
        {
            yield return $"{strange} of {values.Length} values are not finite (NaN or infinite): "
                + (Overflow(request, logits) ?? LayerProbe.FirstGradientNotFinite(request, RuleOf(request))
                ?? "the method's own sums overflow");
        }
        else if (found.Diagnosis.IsEmpty && values.All(v => v == 0))
        {
            yield return $"map is empty: every value is 0, since {Overflow(request, logits) ?? Underflow(request, logits)}";
        }
        else if (found.Diagnosis.IsEmpty && values.All(v => v == values[0]))
        {
            yield return $"map is constant: every value is {values[0]:g6}, so no pixel stands out";
        }

        if (found.ConstantScore is { } constant)
        {
            yield return constant;
        }

        if (strange == 0 && Saturation(request, logits) is { } saturation && values.Any(v => v != 0))
        {
            yield return saturation;
        }

        foreach (string known in found.Diagnosis.Concat(found.Remarks))
        {
            yield return known;
        }
    }

    private static string? Overflow(AttributionRequest request, float[] logits) =>
        NotFinite.Reason(request.Explainer, request.Input, logits, request.Cancel);

    private static string Underflow(AttributionRequest request, float[] logits)
    {
        Target target = request.Target;
        if (target is ClassTarget { Probability: true } c && Slope(c, request, logits) < 1e-30)
        {
            return $"the probability of class {c.Id} is {Probability(c, request, logits):G4} and hardly changes; explain its logit instead";
        }

        string options = string.Join(", ", request.Options.Texts.Select(o => $"{o.Key} {o.Value}"));
        string said = $"nothing of the {target.Description} reaches the input{(options.Length > 0 ? $" with {options}" : "")}";
        return LayerProbe.WhereGradientEnds(request, RuleOf(request)) is { } where ? $"{said}: {where}" : said;
    }

    /// <summary>
    /// An output activation at its end: p is so near to 0 or 1 that ∂p/∂z_c = p(1 − p) leaves next to nothing of the logit's
    /// derivatives, and what a map shows of them is small and near to rounding. Of methods that take gradients only: others do not
    /// follow its slope.
    /// </summary>
    private static string? Saturation(AttributionRequest request, float[] logits)
    {
        if (request.Target is not ClassTarget { Probability: true } c || request.Options.First<ReluRule>() is null)
        {
            return null;
        }

        double slope = Slope(c, request, logits);
        return slope >= Saturated ? null
            : $"the probability of class {c.Id} is saturated at {Probability(c, request, logits):G6}: it changes at most {slope:G2} as "
            + "much as the logits do, so the map is that much weaker; "
                + "explain the logit instead, without option 'probability'";
    }

    private static double Probability(ClassTarget target, AttributionRequest request, float[] logits) =>
        request.Network.OutputActivation.Probabilities(logits)[target.Id];

    /// <summary>The largest derivative of a probability by the logits.</summary>
    private static double Slope(ClassTarget probability, AttributionRequest request, float[] logits) =>
        probability.Gradient(logits, new Shape(1, logits.Length), request.Network.OutputActivation).Max(MathF.Abs);

    private static ReluRule RuleOf(AttributionRequest request) => ReluRuleOption.Of(request.Options);

    private static int Strange(float[] values) => values.Count(v => !float.IsFinite(v));
}
