using System.Runtime.CompilerServices;
using Interp.Engine.Numbers;

namespace Interp.Engine.Rules;

/// <summary>
/// A ReLU rule on an activation whose slope is any number: N + f'(x)·(A − N), where A is what the rule makes of R at an active unit and N
/// at a silent one. At slopes 0 and 1 that is the rule itself. Vanilla: R·f'(x). Guided: R·f'(x)·[R &gt; 0]. DeconvNet: R·[R &gt; 0].
/// </summary>
/// <typeparam name="TOperator">The rule.</typeparam>
internal static class SlopedRule<TOperator> where TOperator : struct, IReluOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Backward<T>(T slope, T upstream) where T : struct, IReal<T>
    {
        T all = T.IsPositive(T.Of(1)), none = T.IsPositive(T.Of(0));
        T silent = TOperator.Backward(none, upstream);
        return T.Add(silent, T.Multiply(slope, T.Subtract(TOperator.Backward(all, upstream), silent)));
    }
}
