using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Gaussian error linear unit with Φ(x) = ½·(1 + erf(x/√2)): f'(x) = Φ(x) + x·e^(−x²/2)/√(2π). D. Hendrycks, K. Gimpel, arXiv 1606.08415.
/// </summary>
public readonly struct GELU : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "gelu";

    /// <inheritdoc/>
    public static string Formula => "x·Φ(x)";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters => [];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => ActivationRole.Smooth;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => [];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T>
    {
        T phi = T.Multiply(T.Of(0.5), T.Add(T.Of(1), T.Erf(T.Multiply(x, T.Of(0.70710678118654752440)))));
        T density = T.Multiply(T.Of(0.39894228040143267794), T.Exp(T.Multiply(T.Of(-0.5), T.Multiply(x, x))));
        return (T.Multiply(x, phi), T.Add(phi, T.Multiply(x, density)));
    }
}
