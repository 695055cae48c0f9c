namespace Interp.Engine.Visualization.Optimizers;

/// <summary>Every parameter moves by the rate: θ ← θ + η·sign(g). I. Goodfellow, J. Shlens, C. Szegedy, arXiv 1412.6572, equation 3, in
/// many steps.</summary>
public sealed class SignAscent : Optimizer
{
    /// <inheritdoc/>
    public override void Step(Span<float> parameters, ReadOnlySpan<float> gradient, double rate)
    {
        CheckLengths(parameters, gradient);
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] += gradient[i] > 0 ? (float)rate : gradient[i] < 0 ? (float)-rate : 0;
        }
    }
}
