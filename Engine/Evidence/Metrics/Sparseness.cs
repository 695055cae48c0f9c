namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// The Gini index of |a| over the pixels (P. Chalasani, J. Chen, A. Chowdhury, S. Jha, X. Wu, arXiv 1810.06583, section 4.1):
/// Σ_i (2i − n − 1)·v_i / (n·Σ v), v sorted from small to large, i from 1. 0 if all pixels are equal, (n − 1)/n if one holds everything.
/// </summary>
internal sealed class Sparseness : EvidenceMetric
{
    /// <inheritdoc/>
    public override string Name => "sparseness";

    /// <inheritdoc/>
    public override string Title => "Sparseness";

    /// <inheritdoc/>
    public override string Summary => "how unevenly the map spreads over the pixels: their Gini index";

    /// <inheritdoc/>
    public override string Paper => "P. Chalasani, J. Chen, A. Chowdhury, S. Jha, X. Wu, arXiv 1810.06583";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns => [new("sparseness", "Gini index, 0 (even) to 1 (one pixel)", Better.Neither)];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => default;

    /// <inheritdoc/>
    protected override IEnumerable<EvidenceStep> Compute(EvidenceRequest request) => [new EvidenceFinding(Gini(request.Plane))];

    internal static double Gini(ReadOnlySpan<float> plane)
    {
        float[] sizes = plane.ToArray();
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = Math.Abs(sizes[i]);
        }

        Array.Sort(sizes);
        double sum = 0, weighted = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            sum += sizes[i];
            weighted += ((2.0 * (i + 1)) - sizes.Length - 1) * sizes[i];
        }

        return sum > 0 ? weighted / (sizes.Length * sum) : double.NaN;
    }
}
