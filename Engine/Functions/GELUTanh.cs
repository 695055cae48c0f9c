using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// The approximation of GELU that PyTorch calls tanh: ½·x·(1 + t), t = tanh(√(2/π)·(x + 0.044715·x³)). D. Hendrycks, K. Gimpel, arXiv
/// 1606.08415.
/// </summary>
public readonly struct GELUTanh : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "gelu_tanh";

    /// <inheritdoc/>
    public static string Formula => "½·x·(1+tanh(√(2/π)·(x+0.044715·x³)))";

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
        // From |x| = 10 on t is −1 or 1, so that powers of x need not grow further.
        T ten = T.Of(10), one = T.Of(1), half = T.Of(0.5), factor = T.Of(0.79788456080286535588);
        T near = T.Select(T.IsPositive(T.Subtract(x, ten)), ten, T.Select(T.IsPositive(T.Subtract(T.Of(-10), x)), T.Of(-10), x));
        T square = T.Multiply(near, near);
        T t = T.Tanh(T.Multiply(factor, T.Multiply(near, T.Add(one, T.Multiply(T.Of(0.044715), square)))));
        T inner = T.Multiply(factor, T.Add(one, T.Multiply(T.Of(3 * 0.044715), square)));
        T gate = T.Multiply(half, T.Add(one, t));
        T bend = T.Multiply(T.Multiply(half, near), T.Multiply(T.Subtract(one, T.Multiply(t, t)), inner));
        return (T.Multiply(x, gate), T.Add(gate, bend));
    }
}
