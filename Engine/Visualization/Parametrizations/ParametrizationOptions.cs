using Interp.Engine.Arithmetic;

namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>What parametrisations can be asked for; the defaults are lucid's.</summary>
public sealed record ParametrizationOptions
{
    /// <summary>
    /// The power p of the Fourier scale 1/f^p: how much more of low than of high frequencies there is, at the start and in every step. 0
    /// treats all alike, photos have about 1, more is smoother.
    /// </summary>
    public double Decay { get; init; } = 1;

    /// <summary>
    /// Whether the colours of photos, which vary together, are taken apart, so that steps are as large in each direction of them.
    /// </summary>
    public bool Decorrelate { get; init; } = true;

    /// <summary>What does the arithmetic.</summary>
    internal IImageMath Arithmetic { get; init; } = HostImageMath.Instance;
}
