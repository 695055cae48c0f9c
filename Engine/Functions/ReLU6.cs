using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Rectifier with a ceiling: f'(x) = [0 &lt; x &lt; 6], 0 at both ends, as in PyTorch. A. Krizhevsky, "Convolutional deep belief networks
/// on CIFAR-10", 2010.
/// </summary>
public readonly struct ReLU6 : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "relu6";

    /// <inheritdoc/>
    public static string Formula => "min(max(x,0),6)";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters => [];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => ActivationRole.Rectifier;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => [0, 6];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T>
    {
        T six = T.Of(6);
        T above = T.IsPositive(T.Subtract(x, six));
        T below = T.IsPositive(T.Subtract(six, x));
        T positive = T.IsPositive(x);
        T inside = T.Keep(below, T.Keep(positive, T.Of(1)));
        return (T.Select(above, six, T.Select(T.IsPositive(T.Subtract(T.Of(0), x)), T.Of(0), x)), inside);
    }
}
