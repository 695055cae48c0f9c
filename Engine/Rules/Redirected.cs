using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Rules;

/// <summary>
/// Redirected: R·([x &gt; 0] or [R &gt; 0]), the gradient of what is to grow, which also passes where it would push a silent unit up. It is
/// no gradient:
/// it sets an optimisation going that the true gradient, being zero, cannot start. After <c>lucid/misc/redirected_relu_grad.py</c>, where
/// the
/// gradient is that of a loss and signs are the other way round.
/// </summary>
public readonly struct Redirected : IReluOperator
{
    /// <inheritdoc/>
    public static string Name => "redirected";

    /// <inheritdoc/>
    public static string Formula => "R·([x>0] or [R>0])";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T active, T upstream) where T : struct, IMaskable<T> =>
        T.Keep(T.Either(active, T.IsPositive(upstream)), upstream);
}
