using Interp.Engine.Numbers;
using Interp.Engine.Rules;

namespace Interp.Engine.Reference.Kernels;

/// <summary>y = max(x, 0); backward by whichever rule is asked for.</summary>
internal static class ReluKernel
{
    /// <summary>Returns the decisions [x &gt; 0].</summary>
    internal static bool[] Forward(Tensor64 x, Tensor64 y)
    {
        var active = new bool[x.Values.Length];
        for (int i = 0; i < active.Length; i++)
        {
            y.Values[i] = Math.Max(x.Values[i], 0);
            active[i] = x.Values[i] > 0;
        }

        return active;
    }

    internal static void Backward(ReluRule rule, bool[] active, Tensor64 upstream, Tensor64 gradient) =>
        rule.Accept(new BackwardVisitor(active, upstream.Values, gradient.Values));

    private sealed class BackwardVisitor(bool[] active, double[] upstream, double[] gradient) : IReluRuleVisitor
    {
        public void Visit<TOperator>() where TOperator : struct, IReluOperator
        {
            for (int i = 0; i < active.Length; i++)
            {
                gradient[i] += TOperator.Backward(ScalarLane.Mask(active[i]), new ScalarLane(upstream[i])).Value;
            }
        }
    }
}
