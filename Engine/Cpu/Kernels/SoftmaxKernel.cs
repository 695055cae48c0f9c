using Interp.Engine.Models;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Softmax over each row, in float64 inside.</summary>
internal sealed unsafe class SoftmaxKernel(Blocked shape) : CpuKernel
{
    /// <inheritdoc/>
    public override bool BackwardReadsOutput => true;

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        for (int n = 0; n < shape.N; n++)
        {
            double[] p = OutputActivation.Softmax.Probabilities(new ReadOnlySpan<float>(run.Inputs[0] + n * shape.Image, shape.C));
            float* row = run.Output + n * shape.Image;
            for (nint i = 0; i < shape.Image; i++)
            {
                row[i] = i < shape.C ? (float)p[i] : 0f;
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        for (int n = 0; n < shape.N; n++)
        {
            float* p = run.Output + n * shape.Image;
            float* upstream = run.OutputGradient + n * shape.Image;
            float* down = run.InputGradients[0] + n * shape.Image;
            double mean = 0;
            for (int i = 0; i < shape.C; i++)
            {
                mean += (double)p[i] * upstream[i];
            }

            for (nint i = 0; i < shape.Image; i++)
            {
                down[i] = i < shape.C ? (float)(p[i] * (upstream[i] - mean)) : 0f;
            }
        }
    }
}
