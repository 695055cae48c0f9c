using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>From the blocked layout of feature maps to vectors in dense channel, row, column order, and back.</summary>
internal sealed unsafe class FlattenKernel(Blocked x, Blocked y) : CpuKernel
{
    /// <inheritdoc/>
    public override void Forward(KernelRun run) => run.Pool.Run(x.N, (n, _) =>
    {
        float* row = run.Output + n * y.Image;
        (x with { N = 1 }).Unpack(run.Inputs[0] + n * x.Image, new Span<float>(row, y.C));
        new Span<float>(row + y.C, (int)(y.Image - y.C)).Clear();
    });

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule) => run.Pool.Run(x.N, (n, _) =>
        (x with { N = 1 }).Pack(new ReadOnlySpan<float>(run.OutputGradient + n * y.Image, y.C), run.InputGradients[0] + n * x.Image));
}
