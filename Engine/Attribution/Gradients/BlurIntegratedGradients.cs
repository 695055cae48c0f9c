using Interp.Engine.Arithmetic;
using Interp.Engine.Imaging;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// Gradients integrated along the path on which the image loses its detail: −∫ ∂S/∂x ⊙ dx(σ), where x(σ) is the image behind a Gaussian of
/// deviation σ,
/// from 0 to a largest one. The values add up to S(x) − S(x(σ_max)) as far as the steps are small.
/// </summary>
/// <remarks>
/// The integral is the trapezoid sum Σ_i ½(g_i + g_{i+1}) ⊙ (x(σ_i) − x(σ_{i+1})) over equal steps of σ, which telescopes. The authors'
/// program instead
/// multiplies the gradient at σ_i by a difference quotient over 0.01 pixels, which is zero at σ = 0 for a Gaussian sampled at whole pixels,
/// so that
/// the first step is lost. Kernels are cut at 4σ, and the mean colour lies around the image, as there.
/// </remarks>
internal sealed class BlurIntegratedGradients : GradientSumMethod
{
    private const double Truncate = 4;
    private readonly MethodOption<int> _steps = MethodOption.Whole(
        "steps", "steps from the image to its most blurred form", 100, 1, 10_000);
    private readonly MethodOption<double> _maxSigma = MethodOption.Real(
        "max-sigma", "deviation of the widest Gaussian in pixels", 50, 0.5, 1000);

    /// <inheritdoc/>
    public override string Name => "blur-ig";

    /// <inheritdoc/>
    public override string Title => "Blur integrated gradients";

    /// <inheritdoc/>
    public override string Summary => "gradients integrated while the image is blurred away: no baseline colour to choose";

    /// <inheritdoc/>
    public override string Formula =>
        "Σ_i ½ (g_i + g_i+1) ⊙ (x_i − x_i+1), x_i the image behind a Gaussian of σ_i pixels, g_i = ∂S/∂x there";

    /// <inheritdoc/>
    public override string Paper => "S. Xu, S. Venugopalan, M. Sundararajan, arXiv 2004.03383";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Contribution;

    /// <inheritdoc/>
    protected override IReadOnlyList<MethodOption> OwnOptions => [_steps, _maxSigma];

    /// <inheritdoc/>
    protected override string Advice => "raise option 'steps'";

    /// <inheritdoc/>
    protected override int Count(OptionValues options) => options.Get(_steps) + 1;

    /// <inheritdoc/>
    protected override IEnumerable<GradientTerm> Terms(GradientRun run, NoisyImage x, int sample)
    {
        int steps = run.Request.Options.Get(_steps);
        double widest = run.Request.Options.Get(_maxSigma);
        float[] image = x.On(run.Request.Explainer.Backend.Images);
        (NoisyImage before, NoisyImage here) = (x, x);
        for (int i = 0; i <= steps; i++)
        {
            NoisyImage next = i == steps ? here : new NoisyImage(Blurred(run, image, widest * (i + 1) / steps));
            yield return new GradientTerm(new LinePoint(here), 0.5, new ImageLine(next, before));
            (before, here) = (here, next);
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<float[]> Starts(GradientRun run, int sample) =>
        [Blurred(run, run.Inputs[sample], run.Request.Options.Get(_maxSigma))];

    private static float[] Blurred(GradientRun run, float[] x, double sigma)
    {
        RgbImage image = run.Request.Input.Image;
        return GaussianBlur.Apply(x, image.Height, image.Width, sigma, (int)((Truncate * sigma) + 0.5));
    }
}
