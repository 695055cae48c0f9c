using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// The product of a map and a gate, which has one value for each channel, each pixel or each value of the map. Backward: R·g to the map,
/// R·x, or its sum over the pixels or channels, to the gate.
/// </summary>
internal sealed unsafe class MultiplyKernel<TLanes>(Blocked map, Blocked gate) : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly bool _broadcasts = gate != map && gate.C == map.C;
    private readonly bool _isSpatial = gate != map && gate.C != map.C;

    /// <inheritdoc/>
    public override bool BackwardReadsInputs => true;

    /// <inheritdoc/>
    public override bool ScalesChannels => _broadcasts;

    /// <inheritdoc/>
    public override void Forward(KernelRun run) => Scale(run.Pool, run.Inputs[0], run.Inputs[1], run.Output);

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        if (run.InputGradients[0] != null)
        {
            Scale(run.Pool, run.OutputGradient, run.Inputs[1], run.InputGradients[0]);
        }

        if (run.InputGradients[1] == null)
        {
            return;
        }

        if (_isSpatial)
        {
            run.Pool.Run(map.N * map.H, (row, _) =>
            {
                (nint image, nint at) = (row / map.H, row % map.H * map.Row);
                DotChannels(
                    run.OutputGradient + (image * map.Image) + at, run.Inputs[0] + (image * map.Image) + at,
                    run.InputGradients[1] + (image * gate.Image) + at);
            });
        }
        else if (_broadcasts)
        {
            run.Pool.Run(map.N * map.Blocks, (plane, _) => TLanes.Store(
                PixelSums<TLanes>.Dot(run.OutputGradient + plane * map.Plane, run.Inputs[0] + plane * map.Plane, (nint)map.H * map.W),
                run.InputGradients[1] + (nint)plane * Blocked.Lanes));
        }
        else
        {
            Scale(run.Pool, run.OutputGradient, run.Inputs[0], run.InputGradients[1]);
        }
    }

    /// <summary>The product of values of the map's shape with the gate, or with values of the map's shape.</summary>
    private void Scale(WorkerPool pool, float* x, float* g, float* y) => Elementwise.RunPlanes(pool, map,
        [MethodImpl(MethodImplOptions.AggressiveOptimization)] (first, count, plane) =>
    {
        nint at = (nint)first * Blocked.Lanes, floats = (nint)count * Blocked.Lanes;
        if (_isSpatial)
        {
            nint image = (nint)(plane / map.Blocks), pixel = (nint)(first - (plane * map.H * map.W));
            ScalePixels(x + at, g + (image * gate.Image) + (pixel * Blocked.Lanes), y + at, floats);
        }
        else if (_broadcasts)
        {
            Scale(x + at, TLanes.Load(g + (nint)plane * Blocked.Lanes), y + at, floats);
        }
        else
        {
            Product(x + at, g + at, y + at, floats);
        }
    });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(float* x, TLanes factor, float* y, nint floats)
    {
        for (nint i = 0; i < floats; i += Blocked.Lanes)
        {
            TLanes.Store(TLanes.Multiply(TLanes.Load(x + i), factor), y + i);
        }
    }

    /// <summary>Each pixel by its factor, which stands in lane 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScalePixels(float* x, float* factors, float* y, nint floats)
    {
        for (nint i = 0; i < floats; i += Blocked.Lanes)
        {
            TLanes.Store(TLanes.Multiply(TLanes.Load(x + i), TLanes.Broadcast(factors + i)), y + i);
        }
    }

    /// <summary>Σ a·b over the channels of each pixel of a row, to lane 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DotChannels(float* a, float* b, float* to)
    {
        TLanes first = TLanes.Mask(1);
        for (nint i = 0; i < map.Row; i += Blocked.Lanes)
        {
            TLanes sum = TLanes.Zero;
            for (nint block = 0; block < map.Blocks; block++)
            {
                nint at = (block * map.Plane) + i;
                sum = TLanes.FusedMultiplyAdd(TLanes.Load(a + at), TLanes.Load(b + at), sum);
            }

            TLanes.Store(TLanes.Keep(first, TLanes.Broadcast(TLanes.Sum(sum))), to + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Product(float* x, float* g, float* y, nint floats)
    {
        for (nint i = 0; i < floats; i += Blocked.Lanes)
        {
            TLanes.Store(TLanes.Multiply(TLanes.Load(x + i), TLanes.Load(g + i)), y + i);
        }
    }
}
