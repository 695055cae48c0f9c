using System.Collections.Immutable;
using Interp.Engine.Attribution;
using Interp.Engine.Imaging;

namespace Interp.Engine.Evidence;

/// <summary>A map to measure: what was asked of a method, and what it answered.</summary>
/// <param name="Question">The request that the map answers; metrics that look at how the method behaves ask it again, changed.</param>
/// <param name="Map">The answer.</param>
public sealed record EvidenceRequest(AttributionRequest Question, AttributionResult Map)
{
    private readonly Lazy<float[]> _plane = new(() => MapPlane.Of(Map));

    /// <summary>How much is spent.</summary>
    public EvidenceOptions Options { get; init; } = new();

    /// <summary>Where the target is in the image, in pixels of the network's input; empty where it is not known.</summary>
    public ImmutableArray<PixelBox> Boxes { get; init; } = [];

    /// <summary>
    /// One value a pixel, <c>[H,W]</c>, larger for pixels that speak more for the target: of sensitivities the largest |g| of the channels,
    /// of
    /// contributions their sum, of maps the value.
    /// </summary>
    public float[] Plane => _plane.Value;

    /// <summary>The image.</summary>
    public NetworkInput Input => Question.Input;

    /// <summary>H and W of the image.</summary>
    public (int Height, int Width) Size => (Input.Image.Height, Input.Image.Width);

    /// <summary>
    /// What is watched while the image is changed: for a class its probability, whether its logit or its probability was explained,
    /// as the papers do; for any other target the target itself.
    /// </summary>
    public AttributionRequest Watched => Question with
    {
        Target = Question.Target is ClassTarget c ? c with { Probability = true } : Question.Target,
        Progress = null,
    };

    /// <summary>The same method's answer to a changed question.</summary>
    internal AttributionResult Again(AttributionRequest changed) => Map.Method.Explain(changed with { Progress = null });
}
