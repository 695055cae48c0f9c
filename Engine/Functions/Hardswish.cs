using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Piecewise stand-in for swish: f'(x) = 0 below −3, 1 above 3, x/3 + ½ from −3 to 3, both ends included (PyTorch gives 1
/// or 1.5 at 3, by the value's place in memory). A. Howard et al.,
/// "Searching for MobileNetV3", arXiv 1905.02244, section 5.2.
/// </summary>
public readonly struct Hardswish : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "hardswish";

    /// <inheritdoc/>
    public static string Formula => "x·min(max(x/6+½,0),1)";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters => [];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => ActivationRole.Smooth;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => [-3, 3];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T>
    {
        T above = T.IsPositive(T.Subtract(x, T.Of(3)));
        T below = T.IsPositive(T.Subtract(T.Of(-3), x));
        T slope = T.Add(T.Multiply(x, T.Of(1.0 / 3)), T.Of(0.5));
        T value = T.Multiply(x, T.Add(T.Multiply(x, T.Of(1.0 / 6)), T.Of(0.5)));
        T zero = T.Of(0);
        return (T.Select(above, x, T.Select(below, zero, value)), T.Select(above, T.Of(1), T.Select(below, zero, slope)));
    }
}
