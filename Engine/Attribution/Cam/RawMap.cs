using System.Collections.Immutable;

namespace Interp.Engine.Attribution.Cam;

/// <summary>A class activation map at its layer's own size, before the ReLU.</summary>
/// <param name="Values"><c>[h,w]</c>.</param>
/// <param name="Weights">The weights w_k of the feature maps, for methods that have one for each.</param>
public sealed record RawMap(double[] Values, double[]? Weights = null)
{
    /// <summary>What the method has to say about it.</summary>
    public ImmutableArray<Fact> Facts { get; init; } = [];

    /// <summary>That the score stayed the same whatever was hidden, in words, or null.</summary>
    public string? ConstantScore { get; init; }
}
