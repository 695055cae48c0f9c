using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Logistic sigmoid σ: f'(x) = σ(x)·(1 − σ(x)).
/// </summary>
public readonly struct Sigmoid : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "sigmoid";

    /// <inheritdoc/>
    public static string Formula => "1/(1+e^−x)";

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
        T s = Of(x);
        return (s, T.Multiply(s, T.Subtract(T.Of(1), s)));
    }

    /// <summary>σ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Of<T>(T x) where T : struct, IReal<T> =>
        T.Divide(T.Of(1), T.Add(T.Of(1), T.Exp(T.Subtract(T.Of(0), x))));
}
