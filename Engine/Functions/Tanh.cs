using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Hyperbolic tangent: f'(x) = 1 − tanh²(x).
/// </summary>
public readonly struct Tanh : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "tanh";

    /// <inheritdoc/>
    public static string Formula => "tanh(x)";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters => [];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => ActivationRole.Gate;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => [];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T>
    {
        T y = T.Tanh(x);
        return (y, T.Subtract(T.Of(1), T.Multiply(y, y)));
    }
}
