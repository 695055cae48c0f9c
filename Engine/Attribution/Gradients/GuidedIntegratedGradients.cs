using Interp.Engine.Arithmetic;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// Gradients integrated along a path from the baseline to the image that first moves the values to which the target is least sensitive, see
/// <see cref="GuidedPath"/>. The values add up to S(x) − S(x') as far as the steps are small. Every step needs the gradient of the one
/// before, so only
/// the paths of several noisy inputs run side by side.
/// </summary>
/// <remarks>
/// At a baseline of one colour all max pools tie, so that the first gradient, and through it the path, depends on a backend's rounding: the
/// same machine
/// gives the same bits, but two backends may differ visibly. The noise baseline has no ties.
/// </remarks>
internal sealed class GuidedIntegratedGradients : NoiseAveragedMethod
{
    private readonly MethodOption<int> _steps = MethodOption.Whole("steps", "steps on the path; the authors take 200", 100, 1, 10_000);
    private readonly MethodOption<double> _fraction = MethodOption.Real(
        "fraction", "share of the values that move at once, those with the least gradients", 0.25, 0.01, 1);
    private readonly MethodOption<double> _maxDistance = MethodOption.Real(
        "max-dist", "how far a value may be from the straight line, as a share of its way", 0.02, 0, 1);
    private readonly MethodOption<Baseline> _baseline = PathBaseline.Option();

    /// <inheritdoc/>
    public override string Name => "guided-ig";

    /// <inheritdoc/>
    public override string Title => "Guided integrated gradients";

    /// <inheritdoc/>
    public override string Summary => "gradients integrated along a path that avoids high gradients, and with them noise";

    /// <inheritdoc/>
    public override string Formula =>
        "Σ_i g_i ⊙ (x_i+1 − x_i), g_i = ∂S/∂x at x_i, along a path from the baseline that moves the values of the least |g_i| first";

    /// <inheritdoc/>
    public override string Paper => "A. Kapishnikov, S. Venugopalan, B. Avci, B. Wedin, M. Terry, T. Bolukbasi, arXiv 2106.09788";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Contribution;

    /// <inheritdoc/>
    protected override IReadOnlyList<MethodOption> OwnOptions => [_steps, _fraction, _maxDistance, _baseline];

    /// <inheritdoc/>
    protected override int Count(OptionValues options) => options.Get(_steps) + 1;

    /// <inheritdoc/>
    protected override Completeness? Attribute(GradientRun run)
    {
        AttributionRequest request = run.Request;
        OptionValues options = request.Options;
        int steps = options.Get(_steps);
        float[] start = run.Start(options.Get(_baseline), 0);
        float[][] inputs = [.. Enumerable.Range(0, run.Inputs.Count).Select(s => run.Inputs[s])];
        GuidedPath[] paths = [
            .. inputs.Select(x => new GuidedPath(new StraightLine(start, x), options.Get(_fraction), options.Get(_maxDistance)))];
        AttributionRequest step = request with { Progress = null };
        for (int i = 0; i <= steps; i++)
        {
            step.Gradients(paths.Length, run.Rule, (p, input) => paths[p].CopyTo(input), (p, gradient, _) => paths[p].Arrive(gradient));
            foreach (GuidedPath path in i < steps ? paths : [])
            {
                path.Advance((i + 1.0) / steps);
            }

            request.Progress?.Invoke((i + 1.0) / (steps + 1));
        }

        (ScoreMean ends, ScoreMean starts) = (new(run), new(run));
        for (int p = 0; p < paths.Length; p++)
        {
            run.Samples.Add(paths[p].Attribution);
            ends.Add(new NoisyImage(inputs[p]));
            starts.Add(new NoisyImage(start));
        }

        return new Completeness(paths.Average(p => p.Attribution.Sum()), ends.Value(), starts.Value(), "raise option 'steps'");
    }
}
