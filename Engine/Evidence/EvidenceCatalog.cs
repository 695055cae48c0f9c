using Interp.Engine.Common;
using Interp.Engine.Evidence.Metrics;

namespace Interp.Engine.Evidence;

/// <summary>Every metric of attributions.</summary>
public static class EvidenceCatalog
{
    /// <summary>All metrics; a new one is one file and one line here.</summary>
    public static Catalog<EvidenceMetric> All { get; } = new(
        "metric",
        m => m.Name,
        PixelCurve.Deletion,
        PixelCurve.Insertion,
        new SymmetricGain(),
        new Confidence(),
        new Road(),
        new Sensitivity(),
        new Infidelity(),
        new Sparseness(),
        new PointingGame(),
        new BoxLocalization(),
        new WeightRandomization(),
        new RandomLogit());
}
