using Interp.Engine.Arithmetic;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// (x − x') ⊙ ∫₀¹ ∂S/∂x at x' + α(x − x') dα, by quadrature. The values add up to S(x) − S(x') as far as the quadrature is exact; the error
/// is
/// reported. Equal networks get equal values, however they are built.
/// </summary>
internal sealed class IntegratedGradients : GradientSumMethod
{
    private readonly MethodOption<int> _steps = MethodOption.Whole("steps", "points on the path", 50, 1, 10_000);
    private readonly MethodOption<Quadrature> _quadrature =
        MethodOption.Choice("quadrature", "where the points lie and how they are weighed", Quadrature.All, Quadrature.GaussLegendre, q =>
            q.Name);

    private readonly MethodOption<Baseline> _baseline = PathBaseline.Option();

    /// <inheritdoc/>
    public override string Name => "integrated-gradients";

    /// <inheritdoc/>
    public override string Title => "Integrated gradients";

    /// <inheritdoc/>
    public override string Summary =>
        "gradients averaged along the straight line from a baseline, times the way: shares that add up to the target's change";

    /// <inheritdoc/>
    public override string Formula =>
        "(x − x') ⊙ Σ_i w_i ∂S/∂x at x' + α_i (x − x'), x' the baseline, α_i and w_i the quadrature's points and weights";

    /// <inheritdoc/>
    public override string Paper => "M. Sundararajan, A. Taly, Q. Yan, arXiv 1703.01365";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Contribution;

    /// <inheritdoc/>
    protected override IReadOnlyList<MethodOption> OwnOptions => [_steps, _quadrature, _baseline];

    /// <inheritdoc/>
    protected override string Advice => "raise option 'steps'";

    /// <inheritdoc/>
    protected override int Count(OptionValues options) => options.Get(_steps);

    /// <inheritdoc/>
    protected override IEnumerable<GradientTerm> Terms(GradientRun run, NoisyImage x, int sample)
    {
        OptionValues options = run.Request.Options;
        var line = new ImageLine(run.Start(options.Get(_baseline), 0), x);
        return options.Get(_quadrature).Points(options.Get(_steps)).Select(p =>
            new GradientTerm(new LinePoint(line, p.Node), p.Weight, line));
    }

    /// <inheritdoc/>
    protected override IEnumerable<float[]> Starts(GradientRun run, int sample) =>
        [run.Start(run.Request.Options.Get(_baseline), 0)];
}
