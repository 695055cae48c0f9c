using System.Collections.Immutable;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Attribution.Gradients;
using Interp.Engine.Attribution.Perturbation;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution;

/// <summary>Every attribution method.</summary>
public static class AttributionCatalog
{
    /// <summary>The methods by family.</summary>
    public static ImmutableArray<AttributionFamily> Families { get; } =
    [
        new("Gradients", [.. GradientFamily.Methods]),
        new("Class activation maps", [.. CamFamily.Methods]),
        new("Perturbation", [.. PerturbationFamily.Methods]),
        new("Relevance", [.. RelevanceFamily.Methods]),
    ];

    /// <summary>All methods; a new one is one file and one line in its family.</summary>
    public static Catalog<AttributionMethod> All { get; } = new("method", m => m.Name, [.. Families.SelectMany(f => f.Methods)]);

    /// <summary>The family of one of these methods.</summary>
    public static AttributionFamily FamilyOf(AttributionMethod method) => Families.First(f => f.Methods.Contains(method));
}
