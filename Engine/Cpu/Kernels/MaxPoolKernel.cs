using System.Runtime.InteropServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// Max pooling. Forward records for every output vector and tap the bits of the lanes whose maximum lies at that tap (the switches);
/// backward adds each
/// gradient at its recorded place. Record: <c>[output vector][tap]</c>, 16 bits each.
/// </summary>
internal sealed unsafe class MaxPoolKernel<TLanes>(MaxPool2d layer, Blocked x, Blocked y) : CpuKernel where TLanes : unmanaged,
    ILanes<TLanes>
{
    private readonly Window _window = layer.Window.At(x.H, x.W);
    private readonly int _taps = layer.Window.Kernel.H * layer.Window.Kernel.W;

    /// <inheritdoc/>
    public override long RecordBytes => y.Vectors * _taps * sizeof(ushort);

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        var switches = (ushort*)run.Record;
        run.Pool.Run(y.N * y.Blocks * y.H, (row, _) =>
        {
            int oy = row % y.H;
            float* plane = run.Inputs[0] + row / y.H * x.Plane;
            float* to = run.Output + row * y.Row;
            ushort* at = switches + (long)row * y.W * _taps;
            for (int ox = 0; ox < y.W; ox++, to += Blocked.Lanes, at += _taps)
            {
                TLanes.Store(Largest(plane, oy, ox, at), to);
            }
        });
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        var switches = (ushort*)run.Record;
        run.Pool.Run(y.N * y.Blocks, (planeIndex, _) =>
        {
            float* down = run.InputGradients[0] + planeIndex * x.Plane;
            float* upstream = run.OutputGradient + planeIndex * y.Plane;
            ushort* at = switches + (long)planeIndex * y.H * y.W * _taps;
            NativeMemory.Clear(down, (nuint)x.Plane * sizeof(float));
            for (int oy = 0; oy < y.H; oy++)
            {
                for (int ox = 0; ox < y.W; ox++, upstream += Blocked.Lanes, at += _taps)
                {
                    Route(down, oy, ox, at, TLanes.Load(upstream));
                }
            }
        });
    }

    private TLanes Largest(float* plane, int oy, int ox, ushort* at)
    {
        TLanes best = TLanes.Broadcast(float.NegativeInfinity);
        uint decided = 0;
        for (int tap = 0; tap < _taps; tap++)
        {
            at[tap] = 0;
            float* from = Tap(plane, oy, ox, tap);
            if (from == null)
            {
                continue;
            }

            // The first tap inside the image is taken as it is, so that −∞ everywhere still has a place.
            TLanes value = TLanes.Load(from);
            uint greater = decided == 0 ? 0xFFFF : TLanes.Bits(TLanes.Greater(value, best));
            best = TLanes.Select(TLanes.Mask(greater), value, best);
            decided = 0xFFFF;
            for (int earlier = 0; earlier < tap; earlier++)
            {
                at[earlier] &= (ushort)~greater;
            }

            at[tap] = (ushort)greater;
        }

        return best;
    }

    private void Route(float* down, int oy, int ox, ushort* at, TLanes gradient)
    {
        for (int tap = 0; tap < _taps; tap++)
        {
            if (at[tap] != 0)
            {
                float* to = Tap(down, oy, ox, tap);
                TLanes.Store(TLanes.Add(TLanes.Load(to), TLanes.Keep(TLanes.Mask(at[tap]), gradient)), to);
            }
        }
    }

    /// <summary>The vector under a tap, or null in the padding.</summary>
    private float* Tap(float* plane, int oy, int ox, int tap)
    {
        int iy = oy * _window.Stride.H - _window.Padding.H + tap / _window.Kernel.W * _window.Dilation.H;
        int ix = ox * _window.Stride.W - _window.Padding.W + tap % _window.Kernel.W * _window.Dilation.W;
        return (uint)iy < (uint)x.H && (uint)ix < (uint)x.W ? plane + iy * x.Row + (nint)ix * Blocked.Lanes : null;
    }
}
