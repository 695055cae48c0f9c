using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Rectifier with a threshold, a slope below it and a ceiling: slope·(x − threshold) up to the threshold, then x, at most the ceiling.
/// With slope 0 and
/// no ceiling it is PyTorch's Threshold with the value 0, and ONNX' ThresholdedRelu; with all three it is Keras' ReLU.
/// </summary>
public readonly struct Threshold : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "threshold";

    /// <inheritdoc/>
    public static string Formula => "slope·(x−threshold) if x≤threshold, else min(x,max)";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters =>
        [new("threshold", 1), new("negative_slope", 0), new("max_value", float.MaxValue)];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => p.B == 0 ? ActivationRole.Rectifier : ActivationRole.Leaky;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => p.C < float.MaxValue ? [p.A, p.C] : [p.A];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T>
    {
        T past = T.Subtract(x, T.Of(p.A)), slope = T.Of(p.B), ceiling = T.Of(p.C);
        T on = T.IsPositive(past), above = T.IsPositive(T.Subtract(x, ceiling)), below = T.IsPositive(T.Subtract(ceiling, x));
        T value = T.Select(on, T.Select(above, ceiling, x), T.Multiply(past, slope));
        return (value, T.Select(on, T.Keep(below, T.Of(1)), slope));
    }
}
