using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Rules;

/// <summary>DeconvNet: R·[R &gt; 0], the ReLU applied to the gradient, whatever was active. M. Zeiler, R. Fergus, arXiv 1311.2901, section
/// 2.1.</summary>
public readonly struct Deconvnet : IReluOperator
{
    /// <inheritdoc/>
    public static string Name => "deconvnet";

    /// <inheritdoc/>
    public static string Formula => "R·[R>0]";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T active, T upstream) where T : struct, IMaskable<T> => T.Keep(T.IsPositive(upstream), upstream);
}
