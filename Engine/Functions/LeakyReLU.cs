using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Leaky rectifier: x above 0, slope·x elsewhere; f'(x) = [x &gt; 0] + slope·[x ≤ 0], as in PyTorch. A. Maas, A. Hannun, A. Ng, ICML 2013.
/// </summary>
public readonly struct LeakyReLU : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "leaky_relu";

    /// <inheritdoc/>
    public static string Formula => "x if x>0, else slope·x";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters => [new("negative_slope", 0.01)];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => ActivationRole.Leaky;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => [0];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T>
    {
        T positive = T.IsPositive(x), slope = T.Of(p.A);
        return (T.Select(positive, x, T.Multiply(x, slope)), T.Select(positive, T.Of(1), slope));
    }
}
