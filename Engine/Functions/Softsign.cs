using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// x/(1 + |x|), f'(x) = 1/(1 + |x|)². J. Turian, J. Bergstra, Y. Bengio, NAACL 2009.
/// </summary>
public readonly struct Softsign : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "softsign";

    /// <inheritdoc/>
    public static string Formula => "x/(1+|x|)";

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
        T size = T.Select(T.IsPositive(x), x, T.Subtract(T.Of(0), x));
        T square = T.Add(T.Of(1), T.Multiply(size, T.Add(T.Of(2), size)));
        return (T.Divide(x, T.Add(T.Of(1), size)), T.Divide(T.Of(1), square));
    }
}
