using Interp.Engine.Attribution;
using Interp.Engine.Common;

namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// Sensitivity-max and average sensitivity (C.-K. Yeh, C.-Y. Hsieh, A. Suggala, D. Inouye, P. Ravikumar, arXiv 1901.09392, definition 2.2),
/// as captum computes it:
/// max and mean over samples of ‖Φ(x + δ) − Φ(x)‖ / ‖Φ(x)‖, Euclidean norms over all values of the attribution Φ, δ uniform in [−r, r] for
/// each
/// input value in
/// network units. Samples give a lower bound of the maximum over the whole ball.
/// </summary>
internal sealed class Sensitivity : EvidenceMetric
{
    /// <inheritdoc/>
    public override string Name => "sensitivity";

    /// <inheritdoc/>
    public override string Title => "Sensitivity-max";

    /// <inheritdoc/>
    public override string Summary => "how much the map changes, at most, when the image hardly does";

    /// <inheritdoc/>
    public override string Paper => "C.-K. Yeh, C.-Y. Hsieh, A. Suggala, D. Inouye, P. Ravikumar, arXiv 1901.09392";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns =>
    [
        new("sensitivity", "largest relative change, from 0", Better.Lower),
        new("sensitivity-mean", "mean relative change, from 0", Better.Lower),
    ];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => new(0, options.SensitivitySamples);

    /// <inheritdoc/>
    protected override IEnumerable<EvidenceStep> Compute(EvidenceRequest request)
    {
        double norm = Distance(request.Map.Values, null), most = 0, sum = 0;
        for (int sample = 0; sample < request.Options.SensitivitySamples; sample++)
        {
            var rng = new Rng(request.Options.Seed, EvidenceStreams.Sensitivity + (ulong)sample);
            double radius = request.Options.SensitivityRadius;
            float[] near = [.. request.Input.Tensor.Select((x, i) => (float)(x + (radius * ((2 * rng.Uniform((ulong)i)) - 1))))];
            AttributionResult other = request.Again(request.Question with { Input = request.Input with { Tensor = near } });
            double change = Distance(other.Values, request.Map.Values) / norm;
            (most, sum) = (Math.Max(most, change), sum + change);
        }

        double mean = sum / request.Options.SensitivitySamples;
        yield return norm > 0 ? new EvidenceFinding(most, mean) : new EvidenceFinding(double.NaN, double.NaN);
    }

    private static double Distance(float[] values, float[]? from)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double d = values[i] - (double)(from?[i] ?? 0);
            sum += d * d;
        }

        return Math.Sqrt(sum);
    }
}
