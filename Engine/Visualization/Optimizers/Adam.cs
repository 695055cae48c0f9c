using Interp.Engine.Arithmetic;

namespace Interp.Engine.Visualization.Optimizers;

/// <summary>
/// Adam: m ← β₁·m + (1−β₁)·g, v ← β₂·v + (1−β₂)·g², θ ← θ + η·m̂ / (√v̂ + ε) with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ). D. Kingma, J. Ba, "Adam:
/// a
/// method for stochastic optimization", ICLR 2015, algorithm 1; constants as in the paper. Its steps do not depend on the gradient's scale.
/// </summary>
/// <param name="beta1">How much of the gradients' mean is kept at each step.</param>
/// <param name="beta2">How much of the squares' mean is kept at each step.</param>
/// <param name="epsilon">What keeps a parameter still whose gradient is all but zero.</param>
public sealed class Adam(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) : Optimizer
{
    private float[] _mean = [];
    private float[] _square = [];
    private int _steps;

    /// <inheritdoc/>
    public override void Step(Span<float> parameters, ReadOnlySpan<float> gradient, double rate)
    {
        StateFor(parameters, gradient, ref _mean);
        StateFor(parameters, gradient, ref _square);
        _steps++;
        var step = new AdamStep(rate / (1 - Math.Pow(beta1, _steps)), 1 / Math.Sqrt(1 - Math.Pow(beta2, _steps)), beta1, beta2, epsilon);
        Arithmetic.Step(step, parameters, gradient, _mean, _square);
    }
}
