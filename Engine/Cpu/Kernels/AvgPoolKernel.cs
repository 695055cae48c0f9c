using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Average pooling over rectangles: the sum of each times 1/count; backward, each place gathers R/count of the rectangles that
/// cover it.</summary>
/// <remarks>The mean of a whole map that a gate made of it scales later (squeeze and excitation) adds the scaled map's share of the
/// gradient too, so that the map's gradient is written once.</remarks>
internal sealed unsafe class AvgPoolKernel<TLanes> : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly Blocked _x;
    private readonly Blocked _y;
    private readonly PoolAxis[] _rows;
    private readonly PoolAxis[] _columns;
    private readonly PoolReaders _rowReaders;
    private readonly PoolReaders _columnReaders;
    private readonly float[] _shares; // 1/count of each output pixel
    private readonly bool _isGlobal;

    /// <param name="x">The input's shape.</param>
    /// <param name="y">The output's shape.</param>
    /// <param name="rows">For each output row, the input rows of its rectangle.</param>
    /// <param name="columns">For each output column, the input columns.</param>
    public AvgPoolKernel(Blocked x, Blocked y, PoolAxis[] rows, PoolAxis[] columns)
    {
        (_x, _y, _rows, _columns) = (x, y, rows, columns);
        (_rowReaders, _columnReaders) = (PoolReaders.Of(rows, x.H), PoolReaders.Of(columns, x.W));
        _shares = GC.AllocateArray<float>(y.H * y.W, pinned: true);
        for (int i = 0; i < _shares.Length; i++)
        {
            _shares[i] = 1f / (rows[i / y.W].Count * columns[i % y.W].Count);
        }

        _isGlobal = y is { H: 1, W: 1 } && (rows[0].First, rows[0].End, columns[0].First, columns[0].End) == (0, x.H, 0, x.W);
    }

    /// <inheritdoc/>
    public override long ScratchBytes => GradientRows<TLanes>.ScratchBytes(_x);

    /// <inheritdoc/>
    public override bool AddsToGradients => true;

    /// <inheritdoc/>
    public override bool AddsScaled => _isGlobal;

    /// <inheritdoc/>
    public override bool Applies(Gate gate) => gate == Gate.Activation;

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        if (_isGlobal)
        {
            run.Pool.Run(_y.N * _y.Blocks, (plane, _) => TLanes.Store(
                TLanes.Multiply(PixelSums<TLanes>.Sum(run.Inputs[0] + plane * _x.Plane, (nint)_x.H * _x.W), TLanes.Broadcast(_shares[0])),
                run.Output + plane * _y.Plane));
        }
        else
        {
            run.Pool.Run(_y.N * _y.Blocks * _y.H, (row, _) =>
                Row(run.Inputs[0] + row / _y.H * _x.Plane, row % _y.H, run.Output + row * _y.Row));
        }
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        KernelRun? scaled = run.ScaledNow ? run.Scaled : null;
        GradientRows<TLanes>.Run(run, rule, _x, (plane, row, to) =>
        {
            if (scaled is not null)
            {
                Spread(scaled.OutputGradient + plane * _x.Plane + row * _x.Row, scaled.Inputs[1] + (nint)plane * Blocked.Lanes,
                    run.OutputGradient + plane * _y.Plane, to);
            }
            else
            {
                Gather(run.OutputGradient + plane * _y.Plane, row, to);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Row(float* plane, int row, float* to)
    {
        PoolAxis down = _rows[row];
        for (int ox = 0; ox < _y.W; ox++, to += Blocked.Lanes)
        {
            PoolAxis across = _columns[ox];
            TLanes sum = TLanes.Zero;
            for (int iy = down.First; iy < down.End; iy++)
            {
                float* from = plane + iy * _x.Row + (nint)across.First * Blocked.Lanes;
                for (int ix = across.First; ix < across.End; ix++, from += Blocked.Lanes)
                {
                    sum = TLanes.Add(sum, TLanes.Load(from));
                }
            }

            TLanes.Store(TLanes.Multiply(sum, TLanes.Broadcast(_shares[row * _y.W + ox])), to);
        }
    }

    /// <summary>A row of the gradient at the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(float* upstream, int row, float* to)
    {
        int first = _rowReaders.First(row), end = _rowReaders.First(row + 1);
        float* shares = Pointer(_shares);
        fixed (int* down = _rowReaders.Windows, across = _columnReaders.Windows)
        {
            for (int ix = 0, j = 0; ix < _x.W; ix++, to += Blocked.Lanes)
            {
                TLanes sum = TLanes.Zero;
                for (int last = _columnReaders.First(ix + 1); j < last; j++)
                {
                    for (int i = first; i < end; i++)
                    {
                        nint at = down[i] * _y.W + across[j];
                        sum = TLanes.Add(sum, TLanes.Multiply(TLanes.Load(upstream + at * Blocked.Lanes), TLanes.Broadcast(shares + at)));
                    }
                }

                TLanes.Store(sum, to);
            }
        }
    }

    /// <summary>A row of R'·g + R/count, where R' is the gradient at the scaled map.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(float* scaled, float* gate, float* upstream, float* to)
    {
        TLanes g = TLanes.Load(gate), share = TLanes.Multiply(TLanes.Load(upstream), TLanes.Broadcast(_shares[0]));
        for (nint i = 0; i < _x.Row; i += Blocked.Lanes)
        {
            TLanes.Store(TLanes.Add(TLanes.Multiply(TLanes.Load(scaled + i), g), share), to + i);
        }
    }
}
