using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Smooth rectifier: ln(1 + e^(β·x))/β, f'(x) = σ(β·x). C. Dugas et al., NIPS 2000.
/// </summary>
public readonly struct Softplus : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "softplus";

    /// <inheritdoc/>
    public static string Formula => "ln(1+e^(β·x))/β";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters => [new("beta", 1, MayBeZero: false)];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => ActivationRole.Smooth;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => [];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T>
    {
        T z = T.Multiply(x, T.Of(p.A)), positive = T.IsPositive(z), zero = T.Of(0);
        T tail = T.Log1p(T.Exp(T.Select(positive, T.Subtract(zero, z), z)));
        return (T.Add(T.Select(positive, x, zero), T.Multiply(T.Of(1 / p.A), tail)), Sigmoid.Of(z));
    }
}
