using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// Continuously differentiable exponential linear unit: x above 0, α·(e^(x/α) − 1) elsewhere. J. Barron, arXiv 1704.07483.
/// </summary>
public readonly struct CELU : IActivationFunction
{
    /// <inheritdoc/>
    public static string Name => "celu";

    /// <inheritdoc/>
    public static string Formula => "x if x>0, else α·(e^(x/α)−1)";

    /// <inheritdoc/>
    public static ImmutableArray<ActivationParameter> Parameters => [new("alpha", 1, MayBeZero: false)];

    /// <inheritdoc/>
    public static ActivationRole Role(Coefficients p) => ActivationRole.Smooth;

    /// <inheritdoc/>
    public static ImmutableArray<double> Kinks(Coefficients p) => [];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T> =>
        ELU.Bend(x, T.Of(p.A), T.Of(1 / p.A), T.Of(1));
}
