namespace Interp.Engine.Attribution.Relevance;

/// <summary>Methods that hand the target back layer by layer with rules of their own.</summary>
internal static class RelevanceFamily
{
    internal static IEnumerable<AttributionMethod> Methods =>
    [
        new LrpMethod(),
        new DeepLift(),
        new DeepTaylor(),
        new ExcitationBackprop(),
    ];
}
