using System.Collections.Immutable;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>What a method found.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">What was explained.</param>
/// <param name="Options">The options in force.</param>
/// <param name="Shape"><c>[C,H,W]</c> or <c>[1,H,W]</c>, see <see cref="AttributionMethod.Kind"/>.</param>
/// <param name="Values">The raw values, row-major, never rescaled.</param>
/// <param name="Logit">The target class's logit.</param>
/// <param name="Probability">The target class's probability.</param>
/// <param name="Diagnosis">What is wrong with the values, if anything: they are all zero, or some are not numbers.</param>
public sealed record AttributionResult(
    AttributionMethod Method,
    Target Target,
    OptionValues Options,
    Shape Shape,
    float[] Values,
    float Logit,
    double Probability,
    ImmutableArray<string> Diagnosis)
{
    /// <summary>The smallest value; NaN if there is one.</summary>
    public float Minimum => Values.Min();

    /// <summary>The largest value; NaN if there is one.</summary>
    public float Maximum => Values.Aggregate(float.NegativeInfinity, MathF.Max);
}
