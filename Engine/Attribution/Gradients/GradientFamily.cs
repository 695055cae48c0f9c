using Interp.Engine.Arithmetic;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>Methods that take the gradient with respect to the input.</summary>
internal static class GradientFamily
{
    private const string Adebayo = "J. Adebayo, J. Gilmer, I. Goodfellow, B. Kim, arXiv 1810.03307";

    internal static IEnumerable<AttributionMethod> Methods =>
    [
        Pass("vanilla", "Vanilla gradient", "K. Simonyan, A. Vedaldi, A. Zisserman, arXiv 1312.6034", ReluRules.Vanilla),
        Pass("deconvnet", "DeconvNet", "M. Zeiler, R. Fergus, arXiv 1311.2901", ReluRules.Deconvnet),
        Pass("guided", "Guided backpropagation", "J. Springenberg, A. Dosovitskiy, T. Brox, M. Riedmiller, arXiv 1412.6806",
        ReluRules.Guided),
        new GradientTimesInput(),
        Noisy("smoothgrad", "SmoothGrad", "mean of", "(1/N) Σ_n g_n",
        "D. Smilkov, N. Thorat, B. Kim, F. Viégas, M. Wattenberg, arXiv 1706.03825", m => m.Mean),
        Noisy("smoothgrad-squared", "SmoothGrad squared", "mean square of", "(1/N) Σ_n g_n²",
        "S. Hooker, D. Erhan, P.-J. Kindermans, B. Kim, arXiv 1806.10758", m => m.MeanSquare),
        Noisy("vargrad", "VarGrad", "variance of", "(1/N) Σ_n g_n² − ((1/N) Σ_n g_n)²", Adebayo, m => m.Variance),
        new IntegratedGradients(),
        new ExpectedGradients(),
        new GradientShap(),
        new BlurIntegratedGradients(),
        new GuidedIntegratedGradients(),
        new FullGradient(),
    ];

    private static GradientMethod Pass(string name, string title, string paper, ReluRule rule) =>
        new(name, title, $"gradient of the target with respect to the input, ReLUs let through {rule.Formula}",
        $"∂S/∂x, with {rule.Formula} behind every ReLU", paper, rule);

    private static GradientMethod Noisy(string name, string title, string statistic, string formula, string paper,
        Func<IMoments, double[]> summarise) =>
        new(name, title, $"{statistic} the gradients at noisy copies of the input",
        $"{formula}, g_n = ∂S/∂x at x + ε_n, ε_n Gaussian noise", paper, smoothing: Smoothing.Always(50, 0.15), statistic: summarise);
}
