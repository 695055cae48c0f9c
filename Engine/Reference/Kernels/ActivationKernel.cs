using Interp.Engine.Functions;
using Interp.Engine.Numbers;
using Interp.Engine.Rules;

namespace Interp.Engine.Reference.Kernels;

/// <summary>y = f(x); backward by whichever ReLU rule is asked for, or R·f'(x).</summary>
internal static class ActivationKernel
{
    /// <summary>Returns f'(x).</summary>
    internal static double[] Forward(ActivationFunction function, double[] x, double[] y)
    {
        var slopes = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            (y[i], slopes[i]) = function.At(x[i]);
        }

        return slopes;
    }

    internal static void Backward(ReluRule rule, double[] slopes, Tensor64 upstream, Tensor64 gradient) =>
        rule.Accept(new BackwardVisitor(slopes, upstream.Values, gradient.Values));

    private sealed class BackwardVisitor(double[] slopes, double[] upstream, double[] gradient) : IReluRuleVisitor
    {
        public void Visit<TOperator>() where TOperator : struct, IReluOperator
        {
            for (int i = 0; i < slopes.Length; i++)
            {
                gradient[i] += SlopedRule<TOperator>.Backward(new ScalarLane(slopes[i]), new ScalarLane(upstream[i])).Value;
            }
        }
    }
}
