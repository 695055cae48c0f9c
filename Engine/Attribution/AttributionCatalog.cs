using Interp.Engine.Attribution.Cam;
using Interp.Engine.Attribution.Gradients;
using Interp.Engine.Attribution.Perturbation;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution;

/// <summary>Every attribution method.</summary>
public static class AttributionCatalog
{
    /// <summary>All methods; a new one is one file and one line in its family.</summary>
    public static Catalog<AttributionMethod> All { get; } = new(
        "method", m => m.Name, [.. GradientFamily.Methods, .. CamFamily.Methods, .. PerturbationFamily.Methods, .. RelevanceFamily.Methods]);
}
