using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Evidence.Numerics;

namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// ROAD, remove and debias (Y. Rong, T. Leemann, V. Borisov, G. Kasneci, E. Kasneci, arXiv 2202.00449): pixels are replaced by what their
/// neighbours say
/// (<see cref="NoisyLinearImputation"/>), so that the shape of the hole itself tells the network little. For each percentile q, the share 1
/// − q/100 of
/// pixels that matter most is imputed, giving p_most, and the share that matters least, giving p_least. Value: mean over q of (p_least −
/// p_most) / 2, as
/// pytorch-grad-cam's <c>ROADCombined</c>; there, pixels equal to the percentile are imputed all together, here equal pixels come in random
/// order, so that
/// the share holds for maps that are zero over wide areas too.
/// </summary>
internal sealed class Road : EvidenceMetric
{
    /// <inheritdoc/>
    public override string Name => "road";

    /// <inheritdoc/>
    public override string Title => "ROAD";

    /// <inheritdoc/>
    public override string Summary =>
        "class's probability without the pixels that matter least, less that without those that matter most, holes filled from around";

    /// <inheritdoc/>
    public override string Paper => "Y. Rong, T. Leemann, V. Borisov, G. Kasneci, E. Kasneci, arXiv 2202.00449";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns =>
    [
        new("road", "half the difference of the two following, -0.5 to 0.5", Better.Higher),
        new("road-most", "mean probability without the pixels that matter most", Better.Lower),
        new("road-least", "mean probability without the pixels that matter least", Better.Higher),
    ];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => new(2 * options.RoadPercentiles.Length, 0);

    /// <inheritdoc/>
    protected override IEnumerable<EvidenceStep> Compute(EvidenceRequest request)
    {
        ImmutableArray<int> percentiles = request.Options.RoadPercentiles;
        int[] order = request.Order, reverse = [.. order.Reverse()];
        var seen = new EvidenceImages(
        [
            .. Enumerable.Range(0, 2 * percentiles.Length).Select(i => new Imputed(
                request.Input.Tensor, request.Size, i % 2 == 0 ? order : reverse,
                (int)Math.Round(order.Length * (100 - percentiles[i / 2]) / 100.0),
                new Rng(request.Options.Seed, EvidenceStreams.ImputationNoise + (ulong)i))),
        ]);
        yield return seen;
        double[] most = [.. seen.Scores.Where((_, i) => i % 2 == 0)], least = [.. seen.Scores.Where((_, i) => i % 2 == 1)];
        double[] shares = [.. percentiles.Select(q => 1 - (q / 100.0))];
        yield return new EvidenceFinding((least.Average() - most.Average()) / 2, most.Average(), least.Average())
        {
            Curves = [EvidenceFinding.Curve("road-most", shares, most), EvidenceFinding.Curve("road-least", shares, least)],
        };
    }

    /// <summary>The image without the first so many pixels of an order.</summary>
    private sealed record Imputed(float[] Image, (int Height, int Width) Size, int[] Order, int Count, Rng Noise) : EvidenceImage
    {
        private float[]? _ready;

        public override void Prepare() => _ready = NoisyLinearImputation.Apply(Image, Size, Order.AsSpan(0, Count), Noise);

        public override void Fill(Span<float> input)
        {
            _ready!.CopyTo(input);
            _ready = null;
        }

        public bool Equals(Imputed? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => Count;
    }
}
