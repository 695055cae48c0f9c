using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Sigmoid linear unit, also called swish: f'(x) = σ(x)·(1 + x·(1 − σ(x))). S. Elfwing, E. Uchibe, K. Doya, arXiv 1702.03118.
/// </summary>
public readonly struct SiLU : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "silu";

    /// <inheritdoc/>
    public static string Formula => "x·σ(x)";

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
        T s = Sigmoid.Of(x);
        T y = T.Multiply(x, s);
        return (y, T.Add(s, T.Multiply(y, T.Subtract(T.Of(1), s))));
    }
}
