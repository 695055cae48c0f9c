using Interp.Engine.Attribution.Gradients;
using Interp.Engine.Common;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution;

/// <summary>Every attribution method.</summary>
public static class AttributionCatalog
{
    /// <summary>All methods; a new one is one file and one line here.</summary>
    public static Catalog<AttributionMethod> All { get; } = new(
        "method",
        m => m.Name,
        new GradientMethod("vanilla", "Vanilla gradient", "K. Simonyan, A. Vedaldi, A. Zisserman, arXiv 1312.6034", ReluRules.Vanilla),
        new GradientMethod("deconvnet", "DeconvNet", "M. Zeiler, R. Fergus, arXiv 1311.2901", ReluRules.Deconvnet),
        new GradientMethod("guided", "Guided backpropagation", "J. Springenberg, A. Dosovitskiy, T. Brox, M. Riedmiller, arXiv 1412.6806", ReluRules.Guided));
}
