using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>Methods that take the gradient with respect to the input.</summary>
internal static class GradientFamily
{
    internal static IEnumerable<AttributionMethod> Methods =>
    [
        new GradientMethod("vanilla", "Vanilla gradient", "K. Simonyan, A. Vedaldi, A. Zisserman, arXiv 1312.6034", ReluRules.Vanilla),
        new GradientMethod("deconvnet", "DeconvNet", "M. Zeiler, R. Fergus, arXiv 1311.2901", ReluRules.Deconvnet),
        new GradientMethod("guided", "Guided backpropagation", "J. Springenberg, A. Dosovitskiy, T. Brox, M. Riedmiller, arXiv 1412.6806", ReluRules.Guided),
    ];
}
