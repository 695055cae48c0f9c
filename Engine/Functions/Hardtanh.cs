using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Clips to low … high: f'(x) = [low &lt; x &lt; high], 0 at both ends, as in PyTorch. With low = 0 it is a ReLU with a ceiling; else it
/// squashes.
/// </summary>
public readonly struct Hardtanh : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "hardtanh";

    /// <inheritdoc/>
    public static string Formula => "min(max(x,low),high)";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters => [new("min_val", -1), new("max_val", 1)];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => p.A == 0 ? ActivationRole.Rectifier : ActivationRole.Gate;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => [p.A, p.B];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T>
    {
        T low = T.Of(p.A), high = T.Of(p.B);
        T above = T.IsPositive(T.Subtract(x, high)), below = T.IsPositive(T.Subtract(low, x));
        T inside = T.Keep(T.IsPositive(T.Subtract(high, x)), T.Keep(T.IsPositive(T.Subtract(x, low)), T.Of(1)));
        return (T.Select(above, high, T.Select(below, low, x)), inside);
    }
}
