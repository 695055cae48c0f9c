using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>The identity, for nodes that cannot share their input's memory.</summary>
internal sealed unsafe class CopyKernel(Blocked shape) : CpuKernel
{
    /// <inheritdoc/>
    public override bool PassesOn(int input) => true;

    /// <inheritdoc/>
    public override void Forward(KernelRun run) => Elementwise.Copy(run.Pool, shape.Vectors, run.Output, run.Inputs[0]);

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
    }
}
