using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Rules;

/// <summary>
/// Guided backpropagation: R·[x &gt; 0]·[R &gt; 0]. J. Springenberg, A. Dosovitskiy, T. Brox, M. Riedmiller, arXiv 1412.6806, section 3.4.
/// </summary>
public readonly struct Guided : IReluOperator
{
    /// <inheritdoc/>
    public static string Name => "guided";

    /// <inheritdoc/>
    public static string Formula => "R·[x>0]·[R>0]";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T active, T upstream) where T : struct, IMaskable<T> =>
        T.Keep(active, T.Keep(T.IsPositive(upstream), upstream));
}
