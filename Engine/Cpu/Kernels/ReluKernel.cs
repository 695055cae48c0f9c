using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// ReLU. Forward records one bit for each decision x &gt; 0, sixteen to a vector, which is all that any elementwise rule needs of the
/// forward pass.
/// </summary>
internal sealed unsafe class ReluKernel<TLanes>(Blocked shape) : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override long RecordBytes => shape.Vectors * sizeof(ushort);

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        float* x = run.Inputs[0];
        float* y = run.Output;
        var decisions = (ushort*)run.Record;
        Elementwise.Run(run.Pool, shape.Vectors, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (first, count) =>
        {
            for (long i = first; i < first + count; i++)
            {
                TLanes value = TLanes.Load(x + i * Blocked.Lanes);
                decisions[i] = (ushort)TLanes.PositiveBits(value);
                TLanes.Store(TLanes.Rectify(value), y + i * Blocked.Lanes);
            }
        });
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule) => rule.Accept(new BackwardPass(run, shape.Vectors));

    private sealed class BackwardPass(KernelRun run, long vectors) : IReluRuleVisitor
    {
        public void Visit<TOperator>() where TOperator : struct, IReluOperator
        {
            float* upstream = run.OutputGradient;
            float* down = run.InputGradients[0];
            var decisions = (ushort*)run.Record;
            Elementwise.Run(run.Pool, vectors, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (first, count) =>
            {
                for (long i = first; i < first + count; i++)
                {
                    TLanes r = TOperator.Backward(TLanes.Mask(decisions[i]), TLanes.Load(upstream + i * Blocked.Lanes));
                    TLanes.Store(r, down + i * Blocked.Lanes);
                }
            });
        }
    }
}
