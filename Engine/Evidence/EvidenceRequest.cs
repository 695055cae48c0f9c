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
    private (ulong Seed, int[] Pixels)? _order;

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

    /// <summary>
    /// The pixels from the one that matters most to the one that matters least, equal ones in seeded random order; the same array each
    /// time.
    /// </summary>
    public int[] Order
    {
        get
        {
            if (_order is not { } order || order.Seed != Options.Seed)
            {
                _order = order = (Options.Seed, MapPlane.Order(Plane, Options.Seed));
            }

            return order.Pixels;
        }
    }

    /// <summary>The image as it is, which all metrics share.</summary>
    public EvidenceImage Whole => EvidenceImage.Plain(Input.Tensor);

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
        Record = null,
    };

    /// <summary>About how much memory the map holds with what was noted while it was made.</summary>
    public long HeldBytes => (2L * sizeof(float) * Map.Values.Length) + (Question.Record?.Bytes ?? 0);

    /// <summary>What is known of changed images of this one.</summary>
    internal ImageScores Scores { get; init; } = new();

    /// <summary>A baseline of the image, the same array for all metrics.</summary>
    public float[] Of(Baseline baseline) => Scores.Of(baseline, Question);

    /// <summary>The same method's answer to a changed question.</summary>
    internal AttributionResult Again(AttributionRequest changed) => Map.Method.Explain(changed with { Progress = null, Record = null });
}
