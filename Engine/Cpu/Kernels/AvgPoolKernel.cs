using System.Runtime.InteropServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Average pooling over rectangles: the sum of each, row by row, times 1/count; backward adds R/count at each of its
/// places.</summary>
/// <param name="x">The input's shape.</param>
/// <param name="y">The output's shape.</param>
/// <param name="rows">For each output row, the input rows of its rectangle.</param>
/// <param name="columns">For each output column, the input columns.</param>
internal sealed unsafe class AvgPoolKernel<TLanes>(Blocked x, Blocked y, PoolAxis[] rows, PoolAxis[] columns) : CpuKernel
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override void Forward(KernelRun run) => run.Pool.Run(y.N * y.Blocks * y.H, (row, _) =>
    {
        float* from = run.Inputs[0] + row / y.H * x.Plane;
        float* to = run.Output + row * y.Row;
        PoolAxis down = rows[row % y.H];
        foreach (PoolAxis across in columns)
        {
            TLanes sum = TLanes.Zero;
            for (int iy = down.First; iy < down.End; iy++)
            {
                for (int ix = across.First; ix < across.End; ix++)
                {
                    sum = TLanes.Add(sum, TLanes.Load(from + iy * x.Row + (nint)ix * Blocked.Lanes));
                }
            }

            TLanes.Store(TLanes.Multiply(sum, Share(down, across)), to);
            to += Blocked.Lanes;
        }
    });

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule) => run.Pool.Run(y.N * y.Blocks, (plane, _) =>
    {
        float* to = run.InputGradients[0] + plane * x.Plane;
        float* upstream = run.OutputGradient + plane * y.Plane;
        NativeMemory.Clear(to, (nuint)x.Plane * sizeof(float));
        foreach (PoolAxis down in rows)
        {
            foreach (PoolAxis across in columns)
            {
                TLanes share = TLanes.Multiply(TLanes.Load(upstream), Share(down, across));
                for (int iy = down.First; iy < down.End; iy++)
                {
                    for (int ix = across.First; ix < across.End; ix++)
                    {
                        float* at = to + iy * x.Row + (nint)ix * Blocked.Lanes;
                        TLanes.Store(TLanes.Add(TLanes.Load(at), share), at);
                    }
                }

                upstream += Blocked.Lanes;
            }
        }
    });

    private static TLanes Share(PoolAxis down, PoolAxis across) => TLanes.Broadcast(1f / (down.Count * across.Count));
}
