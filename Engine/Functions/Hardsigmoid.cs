using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Piecewise linear stand-in for the sigmoid: min(max(α·x + β, 0), 1), f'(x) = α where that is above 0 and below 1, 0 elsewhere, as in
/// PyTorch, whose α
/// and β are 1/6 and ½; ONNX' are 0.2 and 0.5. M. Courbariaux et al., arXiv 1511.00363.
/// </summary>
public readonly struct Hardsigmoid : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "hardsigmoid";

    /// <inheritdoc/>
    public static string Formula => "min(max(α·x+β,0),1)";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters => [new("alpha", 1.0 / 6, MayBeZero: false), new("beta", 0.5)];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => ActivationRole.Gate;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => [.. new[] { -p.B / p.A, (1 - p.B) / p.A }.Order()];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T>
    {
        T slope = T.Of(p.A), one = T.Of(1), zero = T.Of(0);
        T value = T.Add(T.Multiply(x, slope), T.Of(p.B));
        T below = T.IsPositive(T.Subtract(one, value)), above = T.IsPositive(T.Subtract(value, one));
        T negative = T.IsPositive(T.Subtract(zero, value));
        return (T.Select(above, one, T.Select(negative, zero, value)), T.Keep(below, T.Keep(T.IsPositive(value), slope)));
    }
}
