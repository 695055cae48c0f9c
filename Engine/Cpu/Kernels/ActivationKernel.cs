using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Functions;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// y = f(x). Forward records f'(x) if there will be backward passes; those are then the same for every function: the rule's products with
/// the slopes.
/// </summary>
/// <param name="function">f.</param>
/// <param name="shape">The input's and the output's.</param>
/// <param name="records">Whether there will be backward passes.</param>
internal sealed unsafe class ActivationKernel<TLanes, TFunction>(ActivationFunction function, Blocked shape, bool records) : CpuKernel
    where TLanes : unmanaged, ILanes<TLanes>
    where TFunction : struct, IActivationFunction
{
    /// <inheritdoc/>
    public override long RecordBytes => records ? shape.Bytes : 0;

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        float* x = run.Inputs[0];
        float* y = run.Output;
        var slopes = (float*)run.Record;
        Elementwise.RunPlanes(run.Pool, shape, (first, count, plane) =>
        {
            nint at = (nint)first * Blocked.Lanes;
            Map(x + at, y + at, slopes == null ? null : slopes + at, (nint)count, shape.UsedLanes(plane));
        });
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule) => rule.For(function).Accept(new BackwardPass(run, shape.Vectors));

    /// <summary>f(0) need not be 0, so unused lanes are kept apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map(float* x, float* y, float* slopes, nint vectors, uint lanes)
    {
        TLanes used = TLanes.Mask(lanes);
        for (nint i = 0; i < vectors * Blocked.Lanes; i += Blocked.Lanes)
        {
            (TLanes value, TLanes slope) = TFunction.At(TLanes.Load(x + i));
            TLanes.Store(TLanes.Keep(used, value), y + i);
            if (slopes != null)
            {
                TLanes.Store(slope, slopes + i);
            }
        }
    }

    private sealed class BackwardPass(KernelRun run, long vectors) : IReluRuleVisitor
    {
        public void Visit<TOperator>() where TOperator : struct, IReluOperator
        {
            float* upstream = run.OutputGradient;
            float* down = run.InputGradients[0];
            var slopes = (float*)run.Record;
            Elementwise.Run(run.Pool, vectors, (first, count) =>
            {
                for (nint i = (nint)first * Blocked.Lanes; i < (nint)(first + count) * Blocked.Lanes; i += Blocked.Lanes)
                {
                    TLanes.Store(SlopedRule<TOperator>.Backward(TLanes.Load(slopes + i), TLanes.Load(upstream + i)), down + i);
                }
            });
        }
    }
}

/// <summary>Makes the kernel of a function.</summary>
internal sealed class ActivationKernelMaker<TLanes>(ActivationFunction function, Blocked shape, bool records) : IActivationVisitor
    where TLanes : unmanaged, ILanes<TLanes>
{
    private CpuKernel? _kernel;

    public void Visit<TFunction>() where TFunction : struct, IActivationFunction =>
        _kernel = new ActivationKernel<TLanes, TFunction>(function, shape, records);

    public CpuKernel Make()
    {
        function.Accept(this);
        return _kernel!;
    }
}
