using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Convolution.Sinks;
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
    /// <summary>Pixels of a task of a gradient that is the same everywhere.</summary>
    private const int Chunk = 64;

    /// <summary>Whether there is one rectangle, all of the map.</summary>
    private readonly bool _isGlobal = y is { H: 1, W: 1 } && rows[0].First == 0 && rows[0].End == x.H && columns[0].First == 0
        && columns[0].End == x.W;

    /// <inheritdoc/>
    public override bool AddsToGradients => _isGlobal;

    /// <inheritdoc/>
    public override bool Applies(Gate gate) => _isGlobal && gate == Gate.Activation;

    /// <inheritdoc/>
    public override void Forward(KernelRun run) =>
        run.Pool.Run(y.N * y.Blocks * y.H, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (row, _) =>
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
    public override void Backward(KernelRun run, ReluRule rule)
    {
        if (_isGlobal && (run.InputGate is not null || run.Adds[0]))
        {
            Spread(run, RowSink<TLanes>.ForGradient(run, rule, x with { H = 1, W = x.H * x.W }));
        }
        else
        {
            Backward(run);
        }
    }

    /// <summary>The one share of each channel, for all pixels.</summary>
    private void Spread(KernelRun run, RowSink<TLanes> sink)
    {
        int pixels = x.H * x.W;
        run.Pool.Run(y.N * y.Blocks, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (plane, _) =>
        {
            float* shares = stackalloc float[Chunk * Blocked.Lanes];
            TLanes share = TLanes.Multiply(TLanes.Load(run.OutputGradient + plane * y.Plane), Share(rows[0], columns[0]));
            for (int first = 0; first < pixels; first += Chunk)
            {
                int count = Math.Min(Chunk, pixels - first);
                for (nint i = 0; i < count; i++)
                {
                    TLanes.Store(share, shares + i * Blocked.Lanes);
                }

                sink.Write(shares, 0, 1, count, plane / x.Blocks, plane % x.Blocks, 0, first);
            }
        });
    }

    private void Backward(KernelRun run) =>
        run.Pool.Run(y.N * y.Blocks, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (plane, _) =>
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
