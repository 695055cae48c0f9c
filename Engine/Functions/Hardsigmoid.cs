using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Piecewise linear stand-in for the sigmoid: f'(x) = 1/6 for −3 &lt; x &lt; 3, 0 elsewhere, as in PyTorch. M. Courbariaux et al., arXiv
/// 1511.00363.
/// </summary>
public readonly struct Hardsigmoid : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "hardsigmoid";

    /// <inheritdoc/>
    public static string Formula => "min(max(x/6+½,0),1)";

    /// <inheritdoc/>
    public static ActivationRole Role => ActivationRole.Gate;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks => [-3, 3];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x) where T : struct, IReal<T>
    {
        T above = T.IsPositive(T.Subtract(x, T.Of(3)));
        T inside = T.Keep(T.IsPositive(T.Subtract(T.Of(3), x)), T.IsPositive(T.Add(x, T.Of(3))));
        T value = T.Add(T.Multiply(x, T.Of(1.0 / 6)), T.Of(0.5));
        T negative = T.IsPositive(T.Subtract(T.Of(0), value));
        return (T.Select(above, T.Of(1), T.Select(negative, T.Of(0), value)), T.Keep(inside, T.Of(1.0 / 6)));
    }
}
