using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Rules;

/// <summary>The true gradient: R·[x &gt; 0]. K. Simonyan, A. Vedaldi, A. Zisserman, arXiv 1312.6034.</summary>
public readonly struct Vanilla : IReluOperator
{
    /// <inheritdoc/>
    public static string Name => "vanilla";

    /// <inheritdoc/>
    public static string Formula => "R·[x>0]";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T active, T upstream) where T : struct, IMaskable<T> => T.Keep(active, upstream);
}
