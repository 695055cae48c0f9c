using System.Runtime.InteropServices;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Inputs side by side along the channels. Where a part does not begin at a multiple of 16 its channels move to other
/// lanes.</summary>
internal sealed unsafe class ConcatKernel(Blocked[] parts, Blocked y) : CpuKernel
{
    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        if (y.C % Blocked.Lanes != 0)
        {
            for (int n = 0; n < y.N; n++)
            {
                float* last = run.Output + n * y.Image + (y.Blocks - 1) * y.Plane;
                NativeMemory.Clear(last, (nuint)y.Plane * sizeof(float));
            }
        }

        ForEachChannel(run, (part, n, channel, to) =>
            MoveChannel(run.Inputs[part] + Channel(parts[part], n, channel), run.Output + Channel(y, n, to)));
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        for (int part = 0; part < parts.Length; part++)
        {
            if (run.InputGradients[part] != null)
            {
                NativeMemory.Clear(run.InputGradients[part], (nuint)parts[part].Bytes);
            }
        }

        ForEachChannel(run, (part, n, channel, from) =>
        {
            if (run.InputGradients[part] != null)
            {
                MoveChannel(run.OutputGradient + Channel(y, n, from), run.InputGradients[part] + Channel(parts[part], n, channel));
            }
        });
    }

    private void ForEachChannel(KernelRun run, Action<int, int, int, int> body)
    {
        int first = 0;
        for (int p = 0; p < parts.Length; p++)
        {
            int part = p;
            int offset = first;
            run.Pool.Run(y.N * parts[p].C, (task, _) =>
                body(part, task / parts[part].C, task % parts[part].C, offset + task % parts[part].C));
            first += parts[p].C;
        }
    }

    private static nint Channel(Blocked shape, int n, int channel) =>
        n * shape.Image + channel / Blocked.Lanes * shape.Plane + channel % Blocked.Lanes;

    private void MoveChannel(float* from, float* to)
    {
        int pixels = y.H * y.W;
        for (int p = 0; p < pixels; p++)
        {
            to[(nint)p * Blocked.Lanes] = from[(nint)p * Blocked.Lanes];
        }
    }
}
