using Interp.Engine.Arithmetic;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>One attribution under way.</summary>
/// <param name="request">What to explain.</param>
/// <param name="rule">What ReLUs let through.</param>
/// <param name="inputs">The inputs over which the attribution is averaged.</param>
/// <param name="samples">Takes the attribution of each of the inputs, in order.</param>
internal sealed class GradientRun(AttributionRequest request, ReluRule rule, NoisyInputs inputs, ISampleStream samples)
{
    private (Baseline Baseline, int Draw, float[] Values)? _start;

    public AttributionRequest Request => request;

    public ReluRule Rule => rule;

    public NoisyInputs Inputs => inputs;

    public ISampleStream Samples => samples;

    /// <summary>A baseline of the image, free of noise; the same array as long as the same one is asked for.</summary>
    /// <param name="baseline">Which one.</param>
    /// <param name="draw">Number of the draw of a random baseline; others do not depend on it.</param>
    public float[] Start(Baseline baseline, int draw)
    {
        draw = baseline == Baseline.Noise ? draw : 0;
        if (_start is not { } start || start.Baseline != baseline || start.Draw != draw)
        {
            start = (baseline, draw, baseline.Of(request.Input, request.Network.Preprocessing, RandomStream.Baseline.For(request, draw)));
            _start = start;
        }

        return start.Values;
    }
}
