using Interp.Engine.Arithmetic;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// E[(x + ε − x') ⊙ ∂S/∂x at x' + α(x + ε − x')] over noise ε, a draw of the baseline x' and α uniform in [0,1]: each sample is one
/// gradient. The values
/// add up to E[S(x + ε) − S(x')] in expectation. α is stratified, one in each of n equal parts, which leaves the expectation and lessens
/// the variance.
/// Without noise and with one baseline it is integrated gradients by random sampling.
/// </summary>
internal sealed class GradientShap() : GradientSumMethod(smoothing: Smoothing.Always(50, 0))
{
    private readonly MethodOption<Baseline> _baseline = PathBaseline.Option();

    /// <inheritdoc/>
    public override string Name => "gradientshap";

    /// <inheritdoc/>
    public override string Title => "Gradient SHAP";

    /// <inheritdoc/>
    public override string Summary => "gradients at random places between a baseline and the noisy input, times the way";

    /// <inheritdoc/>
    public override string Formula => "E[(x + ε − x') ⊙ ∂S/∂x at x' + α (x + ε − x')], x' the baseline, ε noise, α uniform in 0…1";

    /// <inheritdoc/>
    public override string Paper => "S. Lundberg, S.-I. Lee, arXiv 1705.07874 (GradientExplainer)";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Contribution;

    /// <inheritdoc/>
    protected override IReadOnlyList<MethodOption> OwnOptions => [_baseline];

    /// <inheritdoc/>
    protected override string Advice => "raise option 'samples'";

    /// <inheritdoc/>
    protected override IEnumerable<GradientTerm> Terms(GradientRun run, NoisyImage x, int sample)
    {
        var line = new ImageLine(Start(run, sample), x);
        double alpha = (sample + RandomStream.Place.For(run.Request, sample).Uniform(0)) / run.Inputs.Count;
        return [new GradientTerm(new LinePoint(line, alpha), 1, line)];
    }

    /// <inheritdoc/>
    protected override IEnumerable<float[]> Starts(GradientRun run, int sample) => [Start(run, sample)];

    private float[] Start(GradientRun run, int sample) => run.Start(run.Request.Options.Get(_baseline), sample);
}
