using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Graph;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>A rectifier with a slope below 0 for each channel; backward looks at the input again.</summary>
internal sealed unsafe class PReLUKernel<TLanes>(Node node, Blocked shape) : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly float[] _slopes = shape.PadChannels(node.Weights[0].ToArray());

    /// <inheritdoc/>
    public override bool BackwardReadsInputs => true;

    /// <inheritdoc/>
    public override void Forward(KernelRun run) => Elementwise.RunPlanes(run.Pool, shape,
        [MethodImpl(MethodImplOptions.AggressiveOptimization)] (first, count, plane) =>
        Rectify(run.Inputs[0] + (nint)first * Blocked.Lanes, SlopesOf(plane), run.Output + (nint)first * Blocked.Lanes, (nint)count));

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule) => rule.Accept(new Gate(this, run));

    private TLanes SlopesOf(long plane) => TLanes.Load(Pointer(_slopes, (int)(plane % shape.Blocks) * Blocked.Lanes));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rectify(float* from, TLanes slope, float* to, nint vectors)
    {
        for (nint i = 0; i < vectors * Blocked.Lanes; i += Blocked.Lanes)
        {
            TLanes x = TLanes.Load(from + i);
            TLanes.Store(TLanes.Select(TLanes.IsPositive(x), x, TLanes.Multiply(x, slope)), to + i);
        }
    }

    private sealed class Gate(PReLUKernel<TLanes> kernel, KernelRun run) : IReluRuleVisitor
    {
        public void Visit<TOperator>() where TOperator : struct, IReluOperator =>
            Elementwise.RunPlanes(run.Pool, kernel.Shape, (first, count, plane) =>
            {
                nint at = (nint)first * Blocked.Lanes;
                Back<TOperator>(run.Inputs[0] + at, run.OutputGradient + at, kernel.SlopesOf(plane),
                    run.InputGradients[0] + at, (nint)count);
            });

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Back<TOperator>(float* x, float* upstream, TLanes slope, float* to, nint vectors)
            where TOperator : struct, IReluOperator
        {
            TLanes one = TLanes.Of(1);
            for (nint i = 0; i < vectors * Blocked.Lanes; i += Blocked.Lanes)
            {
                TLanes at = TLanes.Select(TLanes.IsPositive(TLanes.Load(x + i)), one, slope);
                TLanes.Store(SlopedRule<TOperator>.Backward(at, TLanes.Load(upstream + i)), to + i);
            }
        }
    }

    private Blocked Shape => shape;
}
