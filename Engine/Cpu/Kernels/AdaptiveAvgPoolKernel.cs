using System.Runtime.InteropServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Adaptive average pooling: output i covers inputs ⌊i·I/O⌋ … ⌈(i+1)·I/O⌉ − 1 along each axis.</summary>
internal sealed unsafe class AdaptiveAvgPoolKernel<TLanes>(Blocked x, Blocked y) : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override void Forward(KernelRun run) => run.Pool.Run(y.N * y.Blocks, (plane, _) =>
    {
        float* from = run.Inputs[0] + plane * x.Plane;
        float* to = run.Output + plane * y.Plane;
        for (int oy = 0; oy < y.H; oy++)
        {
            (int top, int bottom) = Range(oy, x.H, y.H);
            for (int ox = 0; ox < y.W; ox++, to += Blocked.Lanes)
            {
                (int left, int right) = Range(ox, x.W, y.W);
                TLanes sum = TLanes.Zero;
                for (int iy = top; iy < bottom; iy++)
                {
                    for (int ix = left; ix < right; ix++)
                    {
                        sum = TLanes.Add(sum, TLanes.Load(from + iy * x.Row + (nint)ix * Blocked.Lanes));
                    }
                }

                TLanes.Store(TLanes.Multiply(sum, TLanes.Broadcast(1f / ((bottom - top) * (right - left)))), to);
            }
        }
    });

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule) => run.Pool.Run(y.N * y.Blocks, (plane, _) =>
    {
        float* down = run.InputGradients[0] + plane * x.Plane;
        float* upstream = run.OutputGradient + plane * y.Plane;
        NativeMemory.Clear(down, (nuint)x.Plane * sizeof(float));
        for (int oy = 0; oy < y.H; oy++)
        {
            (int top, int bottom) = Range(oy, x.H, y.H);
            for (int ox = 0; ox < y.W; ox++, upstream += Blocked.Lanes)
            {
                (int left, int right) = Range(ox, x.W, y.W);
                TLanes share = TLanes.Multiply(TLanes.Load(upstream), TLanes.Broadcast(1f / ((bottom - top) * (right - left))));
                for (int iy = top; iy < bottom; iy++)
                {
                    for (int ix = left; ix < right; ix++)
                    {
                        float* to = down + iy * x.Row + (nint)ix * Blocked.Lanes;
                        TLanes.Store(TLanes.Add(TLanes.Load(to), share), to);
                    }
                }
            }
        }
    });

    private static (int First, int End) Range(int i, int inputs, int outputs) =>
        ((int)((long)i * inputs / outputs), (int)(((long)(i + 1) * inputs + outputs - 1) / outputs));
}
