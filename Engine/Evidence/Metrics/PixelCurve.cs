using Interp.Engine.Attribution;

namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// Deletion and insertion (V. Petsiuk, A. Das, K. Saenko, arXiv 1806.07421): pixels are taken over from a second image in the order of
/// their attribution,
/// largest first, and the target is watched: p(f) after a share f of the pixels. The value is the area under p by the trapezoid rule, f
/// from 0 to 1.
/// Deletion goes from the image to the mean colour, zero in network units; insertion from the image blurred (11 pixels, deviation 5) to the
/// image.
/// The area depends on the number of steps, since the curve falls within the first few percent; the paper's code takes 224.
/// </summary>
internal sealed class PixelCurve : EvidenceMetric
{
    private readonly bool _deletes;

    private PixelCurve(bool deletes) => _deletes = deletes;

    /// <summary>From the image to the mean colour.</summary>
    public static PixelCurve Deletion { get; } = new(true);

    /// <summary>From the blurred image to the image.</summary>
    public static PixelCurve Insertion { get; } = new(false);

    /// <inheritdoc/>
    public override string Name => _deletes ? "deletion" : "insertion";

    /// <inheritdoc/>
    public override string Title => _deletes ? "Deletion" : "Insertion";

    /// <inheritdoc/>
    public override string Summary => _deletes
        ? "area under the class's probability while the pixels that matter most are replaced by the mean colour"
        : "area under the class's probability while the pixels that matter most come back into the blurred image";

    /// <inheritdoc/>
    public override string Paper => "V. Petsiuk, A. Das, K. Saenko, arXiv 1806.07421";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns =>
        [new(Name, $"area under the {Name} curve, 0 to 1", _deletes ? Better.Lower : Better.Higher)];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => new(options.CurveSteps + 1, 0);

    /// <inheritdoc/>
    protected override EvidenceFinding Compute(EvidenceRequest request)
    {
        float[] image = request.Input.Tensor;
        float[] other = (_deletes ? Baseline.Mean : Baseline.Blur).Of(request.Input, request.Question.Network.Preprocessing);
        (float[] from, float[] to) = _deletes ? (image, other) : (other, image);
        int[] order = MapPlane.Order(request.Plane, request.Options.Seed);
        int steps = Math.Min(request.Options.CurveSteps, order.Length);
        int[] counts = [.. Enumerable.Range(0, steps + 1).Select(i => (int)Math.Round((double)i * order.Length / steps))];
        double[] scores = request.Watched.Scores(counts.Length, (i, input) =>
        {
            from.CopyTo(input);
            foreach (int pixel in order.AsSpan(0, counts[i]))
            {
                for (int at = pixel; at < input.Length; at += order.Length)
                {
                    input[at] = to[at];
                }
            }
        });

        double[] shares = [.. counts.Select(n => (double)n / order.Length)];
        return new EvidenceFinding(Area(shares, scores)) { Curves = [EvidenceFinding.Curve(Name, shares, scores)] };
    }

    /// <summary>Σ (x_i+1 − x_i)·(y_i + y_i+1) / 2.</summary>
    internal static double Area(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double area = 0;
        for (int i = 1; i < x.Length; i++)
        {
            area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
        }

        return area;
    }
}
