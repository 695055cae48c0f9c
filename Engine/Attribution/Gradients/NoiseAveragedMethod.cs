using System.Collections.Immutable;
using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// A method made of gradients, with what all of them share: the ReLU rule, and the average over noisy inputs, (1/N) Σ_n A(x + ε_n), see
/// <see cref="NoisyInputs"/>. SmoothGrad is the gradient averaged in this way. Sums are taken in float64 in the order of the samples.
/// </summary>
/// <param name="rule">The ReLU rule unless another is asked for.</param>
/// <param name="smoothing">The options of the average, or null for <c>--smooth</c>.</param>
internal abstract class NoiseAveragedMethod(ReluRule? rule = null, Smoothing? smoothing = null) : AttributionMethod
{
    private readonly ReluRuleOption _rule = new(rule ?? ReluRules.Vanilla);
    private readonly Smoothing _smoothing = smoothing ?? Smoothing.Optional();

    /// <inheritdoc/>
    public sealed override IReadOnlyList<MethodOption> Options => [.. _rule.Options, .. OwnOptions, _smoothing.Samples, _smoothing.Level];

    /// <summary>The options that the method has beyond those of the family.</summary>
    protected virtual IReadOnlyList<MethodOption> OwnOptions => [];

    /// <summary>The number of gradients for each input.</summary>
    protected virtual int Count(OptionValues options) => 1;

    /// <inheritdoc/>
    public sealed override IEnumerable<(MethodOption Option, string Reason)> Idle(OptionValues values) =>
        [
            .. _rule.Idle(values),
            .. values.Get(_smoothing.Samples) == 0
                ? ((MethodOption, string)[])[(_smoothing.Level, $"while option '{_smoothing.Samples.Name}' is 0")] : [],
        ];

    /// <inheritdoc/>
    public sealed override Work EstimatedWork(AttributionRequest request)
    {
        long gradients = (long)Math.Max(1, request.Options.Get(_smoothing.Samples)) * Count(request.Options);
        return new Work(gradients == 1 ? 1 : gradients + 1, gradients); // The image itself has run once for the target.
    }

    /// <summary>What of the samples' attributions is reported.</summary>
    protected virtual double[] Summarise(IMoments samples) => samples.Mean;

    /// <summary>Hands the attribution of each of the run's inputs to its samples, in order.</summary>
    /// <returns>What they should add up to on average, for methods that promise it.</returns>
    protected abstract Completeness? Attribute(GradientRun run);

    /// <inheritdoc/>
    protected sealed override Explanation Compute(AttributionRequest request)
    {
        AppliedRule applied = ReluRuleOption.In(request, request.Network.Input);
        ReluRule rule = applied.Rule;
        var inputs = new NoisyInputs(request, request.Options.Get(_smoothing.Samples), request.Options.Get(_smoothing.Level));
        using ISampleStream samples = request.Explainer.Backend.Images.CreateStream();
        Completeness? completeness = Attribute(new GradientRun(request, rule, inputs, samples));
        if (rule != ReluRules.Vanilla)
        {
            completeness = completeness is null ? null
                : completeness with { Advice = "only option 'relu-rule' vanilla gives gradients, which do" };
        }

        float[] values = Array.ConvertAll(Summarise(samples), v => (float)v);
        return new Explanation(values)
        {
            Facts =
            [
                .. applied.Facts,
                .. inputs.IsSampled ? [new Fact("noise_sigma", inputs.Sigma)] : ImmutableArray<Fact>.Empty,
                .. completeness?.Facts ?? [],
            ],
            Diagnosis = values.All(v => v == 0) || completeness?.Warning is not { } warning ? [] : [warning],
            Remarks = applied.Remarks,
        };
    }
}
