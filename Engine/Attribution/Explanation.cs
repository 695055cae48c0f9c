using System.Collections.Immutable;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>What a method computes: the raw values, and whatever else it has to say about them.</summary>
/// <param name="Values">The raw values, row-major, of the shape that the method's <see cref="AttributionMethod.Kind"/> says, never
/// rescaled.</param>
public sealed record Explanation(float[] Values)
{
    /// <summary>Numbers and choices worth knowing, such as the completeness error or the layer that was chosen.</summary>
    public ImmutableArray<Fact> Facts { get; init; } = [];

    /// <summary>Further arrays, such as a class activation map at its layer's own size.</summary>
    public ImmutableArray<NamedArray> Arrays { get; init; } = [];

    /// <summary>Further images, such as what the network was shown.</summary>
    public ImmutableArray<NamedImage> Images { get; init; } = [];

    /// <summary>What the method knows to be wrong with the values, and why, such as <c>map is empty: all weights are
    /// negative</c>.</summary>
    public ImmutableArray<string> Diagnosis { get; init; } = [];

    /// <summary>What should be known of the values though nothing is wrong with them, such as that a rule applies at some layers
    /// only.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];

    /// <summary>That the score stayed the same whatever was hidden of the image, in words, or null.</summary>
    public string? ConstantScore { get; init; }
}

/// <summary>Something worth knowing about one attribution.</summary>
/// <param name="Name">Its name in manifests: <c>completeness_error</c>.</param>
/// <param name="Value">A number, a truth value or text.</param>
public readonly record struct Fact(string Name, object Value);

/// <summary>An array that is written beside the attribution.</summary>
/// <param name="Name">The file's name without ending: <c>cam</c>.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Values">Row-major.</param>
public sealed record NamedArray(string Name, Shape Shape, float[] Values);

/// <summary>An image that is written beside the attribution.</summary>
/// <param name="Name">The file's name without ending: <c>regions</c>.</param>
/// <param name="Image">The image.</param>
public sealed record NamedImage(string Name, RgbImage Image);
