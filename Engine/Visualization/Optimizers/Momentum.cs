namespace Interp.Engine.Visualization.Optimizers;

/// <summary>
/// Gradient ascent with momentum: v ← μ·v + g, θ ← θ + η·v; or, after Y. Nesterov, θ ← θ + η·(g + μ·v). I. Sutskever, J. Martens, G. Dahl,
/// G. Hinton, ICML 2013, in the form of PyTorch's SGD.
/// </summary>
/// <param name="momentum">μ; 0 for plain gradient ascent.</param>
/// <param name="nesterov">Whether a step looks ahead.</param>
/// <param name="normalize">Whether g is first divided by its root mean square, so that a rate means the same whatever the objective's
/// scale; a gradient of
/// zeros stays one.</param>
public sealed class Momentum(double momentum = 0.9, bool nesterov = false, bool normalize = false) : Optimizer
{
    private float[] _velocity = [];

    /// <inheritdoc/>
    public override void Step(Span<float> parameters, ReadOnlySpan<float> gradient, double rate)
    {
        StateFor(parameters, gradient, ref _velocity);
        double scale = normalize ? InverseRootMeanSquare(gradient) : 1;
        for (int i = 0; i < parameters.Length; i++)
        {
            double g = scale * gradient[i];
            double v = (momentum * _velocity[i]) + g;
            _velocity[i] = (float)v;
            parameters[i] += (float)(rate * (nesterov ? g + (momentum * v) : v));
        }
    }

    private static double InverseRootMeanSquare(ReadOnlySpan<float> gradient)
    {
        double sum = 0;
        foreach (float g in gradient)
        {
            sum += (double)g * g;
        }

        return sum > 0 ? Math.Sqrt(gradient.Length / sum) : 0;
    }
}
