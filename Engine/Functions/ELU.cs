using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Exponential linear unit: x above 0, α·(e^x − 1) elsewhere; f'(x) = 1 or α·e^x. D. Clevert, T. Unterthiner, S. Hochreiter, arXiv
/// 1511.07289.
/// </summary>
public readonly struct ELU : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "elu";

    /// <inheritdoc/>
    public static string Formula => "x if x>0, else α·(e^x−1)";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters => [new("alpha", 1)];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => ActivationRole.Smooth;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => p.A == 1 ? [] : [0];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T> =>
        Bend(x, T.Of(p.A), T.Of(1), T.Of(1));

    /// <summary>s·x above 0 and s·α·(e^(b·x) − 1) elsewhere. e^z − 1 is 2·t/(1 − t) with t = tanh(z/2), exact near 0 too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (T Value, T Slope) Bend<T>(T x, T alpha, T inner, T scale) where T : struct, IReal<T>
    {
        T positive = T.IsPositive(x), z = T.Multiply(x, inner), size = T.Multiply(scale, alpha);
        T t = T.Tanh(T.Multiply(z, T.Of(0.5)));
        T low = T.Divide(T.Add(t, t), T.Subtract(T.Of(1), t));
        T slope = T.Multiply(T.Multiply(size, inner), T.Exp(z));
        return (T.Select(positive, T.Multiply(x, scale), T.Multiply(size, low)), T.Select(positive, scale, slope));
    }
}
