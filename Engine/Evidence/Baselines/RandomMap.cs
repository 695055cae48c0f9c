using Interp.Engine.Arithmetic;
using Interp.Engine.Attribution;
using Interp.Engine.Common;

namespace Interp.Engine.Evidence.Baselines;

/// <summary>
/// Uniform random values: one a pixel, or one for each place of a 7×7 grid, enlarged bilinearly to the image as class activation maps are.
/// Two, because
/// it matters for deletion: single pixels at random destroy all texture at once and harm any network most, so that a smooth map is better
/// compared with
/// smooth noise. Each image has its own, by its file's hash.
/// </summary>
internal sealed class RandomMap : AttributionMethod
{
    private const int Grid = 7;
    private readonly bool _smooth;

    private RandomMap(bool smooth) => _smooth = smooth;

    /// <summary>A value for each pixel.</summary>
    public static RandomMap Pixels { get; } = new(false);

    /// <summary>A value for each place of a grid of 7×7.</summary>
    public static RandomMap Blocks { get; } = new(true);

    /// <inheritdoc/>
    public override string Name => _smooth ? "random-blocks" : "random";

    /// <inheritdoc/>
    public override string Title => _smooth ? "Random blocks" : "Random pixels";

    /// <inheritdoc/>
    public override string Summary => _smooth ? "a 7x7 grid of random values, enlarged" : "a random value for each pixel";

    /// <inheritdoc/>
    public override string Formula => "uniform in 0…1";

    /// <inheritdoc/>
    public override string Paper => "baseline";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Map;

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        (int height, int width) = (request.Input.Image.Height, request.Input.Image.Width);
        var rng = new Rng(request.Seed,
            (_smooth ? EvidenceStreams.RandomBlocks : EvidenceStreams.RandomMap) + EvidenceStreams.Of(request.Input));
        float[] values = [.. Enumerable.Range(0, _smooth ? Grid * Grid : height * width).Select(i => (float)rng.Uniform((ulong)i))];
        return new Explanation(_smooth ? Bilinear.Resize(values, (Grid, Grid), (height, width)) : values);
    }
}
