using System.Collections.Immutable;
using Interp.Engine.Backends;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>What a method found.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">What was explained.</param>
/// <param name="Options">The options in force.</param>
/// <param name="Shape"><c>[C,H,W]</c> or <c>[1,H,W]</c>, see <see cref="AttributionMethod.Kind"/>.</param>
/// <param name="Values">The raw values, row-major, never rescaled.</param>
public sealed record AttributionResult(AttributionMethod Method, Target Target, OptionValues Options, Shape Shape, float[] Values)
{
    /// <summary>What the values stand for.</summary>
    public AttributionKind Kind => Method.KindWith(Options);

    /// <summary>The target's value on the image.</summary>
    public required double Score { get; init; }

    /// <summary>The logit of the target's class, or of the top class where the target is none; NaN of a network without
    /// classes.</summary>
    public required float Logit { get; init; }

    /// <summary>The probability of that class; NaN of a network without classes.</summary>
    public required double Probability { get; init; }

    /// <summary>What it cost.</summary>
    public required Work Work { get; init; }

    /// <summary>What went to the device and came from it meanwhile.</summary>
    public Traffic Traffic { get; init; }

    /// <summary>Numbers and choices worth knowing.</summary>
    public ImmutableArray<Fact> Facts { get; init; } = [];

    /// <summary>Further arrays.</summary>
    public ImmutableArray<NamedArray> Arrays { get; init; } = [];

    /// <summary>Further images.</summary>
    public ImmutableArray<NamedImage> Images { get; init; } = [];

    /// <summary>What is wrong with the values, if anything: they are all zero, or some are not numbers.</summary>
    public ImmutableArray<string> Diagnosis { get; init; } = [];

    /// <summary>The smallest value; NaN if there is one.</summary>
    public float Minimum => Values.Min();

    /// <summary>The largest value; NaN if there is one.</summary>
    public float Maximum => Values.Aggregate(float.NegativeInfinity, MathF.Max);
}
