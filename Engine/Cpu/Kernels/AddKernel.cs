using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>The sum of several inputs, in their order.</summary>
internal sealed unsafe class AddKernel<TLanes>(Blocked shape) : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        Elementwise.Copy(run.Pool, shape.Vectors, run.Output, run.Inputs[0]);
        for (int i = 1; i < run.Inputs.Length; i++)
        {
            Elementwise.AddTo<TLanes>(run.Pool, shape.Vectors, run.Output, run.Inputs[i]);
        }
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        foreach (float* down in run.InputGradients)
        {
            if (down != null)
            {
                Elementwise.Copy(run.Pool, shape.Vectors, down, run.OutputGradient);
            }
        }
    }
}
