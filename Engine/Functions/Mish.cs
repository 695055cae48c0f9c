using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// x·t with t = tanh(ln(1 + e^x)): f'(x) = t + x·(1 − t²)·σ(x). D. Misra, arXiv 1908.08681.
/// </summary>
public readonly struct Mish : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "mish";

    /// <inheritdoc/>
    public static string Formula => "x·tanh(ln(1+e^x))";

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
        // With e = e^−|x|: t = (1 + 2e)/(1 + 2e + 2e²) for x > 0 and (e² + 2e)/(e² + 2e + 2) elsewhere; 1 − t without a difference.
        T positive = T.IsPositive(x), one = T.Of(1), two = T.Of(2);
        T e = T.Exp(T.Select(positive, T.Subtract(T.Of(0), x), x));
        T square = T.Multiply(e, e), twice = T.Add(e, e);
        T rest = T.Select(positive, T.Add(square, square), two);
        T part = T.Select(positive, T.Add(one, twice), T.Add(square, twice));
        T whole = T.Add(part, rest);
        T t = T.Divide(part, whole), left = T.Divide(rest, whole);
        T sigmoid = T.Divide(T.Select(positive, one, e), T.Add(one, e));
        T slope = T.Add(t, T.Multiply(T.Multiply(x, sigmoid), T.Multiply(left, T.Add(one, t))));
        return (T.Multiply(x, t), slope);
    }
}
