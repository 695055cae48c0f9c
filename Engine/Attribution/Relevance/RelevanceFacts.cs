namespace Interp.Engine.Attribution.Relevance;

/// <summary>Facts that the methods of this family share.</summary>
internal static class RelevanceFacts
{
    /// <summary>Says so where the target is a probability, whose logit is explained in its place.</summary>
    public static IEnumerable<Fact> Start(Target target)
    {
        Target logits = RelevanceWalk.Logits(target);
        return logits == target ? [] : [new Fact("starts_from", $"{logits.Description}: this method hands down logits, not probabilities")];
    }
}
