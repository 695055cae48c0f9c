using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Scaled exponential linear unit: s·x above 0, s·α·(e^x − 1) elsewhere, with the α and s that keep mean 0 and variance 1.
/// G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter, arXiv 1706.02515.
/// </summary>
public readonly struct SELU : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "selu";

    /// <inheritdoc/>
    public static string Formula => "s·x if x>0, else s·α·(e^x−1)";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters => [];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => ActivationRole.Smooth;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => [0];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T> =>
        ELU.Bend(x, T.Of(1.6732632423543772848), T.Of(1), T.Of(1.0507009873554804934));
}
