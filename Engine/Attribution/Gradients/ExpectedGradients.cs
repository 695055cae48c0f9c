using Interp.Engine.Arithmetic;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// E[(x − x') ⊙ ∂S/∂x at x' + α(x − x')] over backgrounds x' and α uniform in [0,1]: integrated gradients averaged over a distribution of
/// baselines
/// rather than from one of them. The values add up to S(x) − E[S(x')] in expectation. α is stratified, one in each of n equal parts, which
/// leaves the
/// expectation and lessens the variance.
/// </summary>
internal sealed class ExpectedGradients : GradientSumMethod
{
    private readonly MethodOption<int> _samples = MethodOption.Whole("samples", "samples to average over", 50, 1, 100_000);
    private readonly MethodOption<string> _background = MethodOption.Text(
        "background", $"where baselines are drawn from: '{Background.Noise}' for random colours, or a folder of images", Background.Noise,
        "noise|DIR");

    /// <inheritdoc/>
    public override string Name => "expected-gradients";

    /// <inheritdoc/>
    public override string Title => "Expected gradients";

    /// <inheritdoc/>
    public override string Summary => "gradients at random places between random backgrounds and the input, times the way";

    /// <inheritdoc/>
    public override string Formula => "E[(x − x') ⊙ ∂S/∂x at x' + α (x − x')], x' drawn from the background, α uniform in 0…1";

    /// <inheritdoc/>
    public override string Paper => "G. Erion, J. Janizek, P. Sturmfels, S. Lundberg, S.-I. Lee, arXiv 1906.10670";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Contribution;

    /// <inheritdoc/>
    protected override IReadOnlyList<MethodOption> OwnOptions => [_samples, _background];

    /// <inheritdoc/>
    protected override string Advice => "raise option 'samples'";

    /// <inheritdoc/>
    protected override int Count(OptionValues options) => options.Get(_samples);

    /// <inheritdoc/>
    protected override IEnumerable<GradientTerm> Terms(GradientRun run, NoisyImage x, int sample)
    {
        int count = Count(run.Request.Options), draw = 0;
        foreach (float[] start in Starts(run, sample))
        {
            var line = new ImageLine(start, x);
            double alpha = (draw + RandomStream.Place.For(run.Request, sample).Uniform((ulong)draw)) / count;
            yield return new GradientTerm(new LinePoint(line, alpha), 1.0 / count, line);
            draw++;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<float[]> Starts(GradientRun run, int sample)
    {
        int count = Count(run.Request.Options);
        return new Background(run, run.Request.Options.Get(_background)).Draw(sample * count, count);
    }
}
