using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// Layers each of whose output pixels is one of the input's, or a constant. Backward, each input pixel adds up the gradients of its copies,
/// row by row.
/// </summary>
internal sealed unsafe class PixelKernel<TLanes> : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly Blocked _x;
    private readonly Blocked _y;
    private readonly float _outside;
    private readonly PixelMap _map;
    private readonly (int[] First, int[] At) _rows; // the output rows of each input row
    private readonly (int[] First, int[] At) _columns;

    public PixelKernel(IPixelLayer layer, Blocked x, Blocked y)
    {
        (_x, _y, _outside, _map) = (x, y, (float)layer.Outside, layer.At(x.H, x.W));
        (_rows, _columns) = (PixelMap.Readers(_map.Rows, x.H), PixelMap.Readers(_map.Columns, x.W));
    }

    /// <inheritdoc/>
    public override void Forward(KernelRun run) => run.Pool.Run(_y.N * _y.Blocks * _y.H, (row, _) =>
    {
        (int plane, int at) = Math.DivRem(row, _y.H);
        int from = _map.Rows[at];
        TLanes outside = TLanes.Keep(TLanes.Mask(_y.UsedLanes(plane)), TLanes.Broadcast(_outside));
        ForwardRow(from < 0 ? null : run.Inputs[0] + (plane * _x.Plane) + (from * _x.Row), outside, run.Output + (row * _y.Row));
    });

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule) => run.Pool.Run(_x.N * _x.Blocks * _x.H, (row, _) =>
    {
        (int plane, int at) = Math.DivRem(row, _x.H);
        BackwardRow(run.OutputGradient + (plane * _y.Plane), at, run.InputGradients[0] + (row * _x.Row));
    });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardRow(float* from, TLanes outside, float* to)
    {
        foreach (int column in _map.Columns)
        {
            TLanes.Store(from == null || column < 0 ? outside : TLanes.Load(from + ((nint)column * Blocked.Lanes)), to);
            to += Blocked.Lanes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardRow(float* upstream, int row, float* to)
    {
        for (int column = 0; column < _x.W; column++, to += Blocked.Lanes)
        {
            TLanes sum = TLanes.Zero;
            for (int i = _rows.First[row]; i < _rows.First[row + 1]; i++)
            {
                float* from = upstream + (_rows.At[i] * _y.Row);
                for (int j = _columns.First[column]; j < _columns.First[column + 1]; j++)
                {
                    sum = TLanes.Add(sum, TLanes.Load(from + ((nint)_columns.At[j] * Blocked.Lanes)));
                }
            }

            TLanes.Store(sum, to);
        }
    }
}
