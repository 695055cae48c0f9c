using System.Runtime.CompilerServices;
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
    private readonly int[] _rows = Places(
        layer.Window.At(x.H, x.W), (w, tap) => tap / w.Kernel.W * w.Dilation.H - w.Padding.H); // of each tap, less the first pixel's
    private readonly int[] _columns = Places(layer.Window.At(x.H, x.W), (w, tap) => tap % w.Kernel.W * w.Dilation.W - w.Padding.W);

    /// <inheritdoc/>
    public override long RecordBytes => y.Vectors * _taps * sizeof(ushort);

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        var switches = (ushort*)run.Record;
        run.Pool.Run(y.N * y.Blocks * y.H, (row, _) =>
        {
            ForwardRow(run.Inputs[0] + row / y.H * x.Plane, row % y.H, run.Output + row * y.Row, switches + (long)row * y.W * _taps);
        });
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        var switches = (ushort*)run.Record;
        run.Pool.Run(y.N * y.Blocks, (planeIndex, _) =>
        {
            float* down = run.InputGradients[0] + planeIndex * x.Plane;
            NativeMemory.Clear(down, (nuint)x.Plane * sizeof(float));
            BackwardPlane(run.OutputGradient + planeIndex * y.Plane, switches + (long)planeIndex * y.H * y.W * _taps, down);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardRow(float* plane, int oy, float* to, ushort* at)
    {
        for (int ox = 0; ox < y.W; ox++, to += Blocked.Lanes, at += _taps)
        {
            TLanes best = TLanes.Broadcast(float.NegativeInfinity);
            uint first = 0xFFFF; // The first tap inside the image is taken as it is, so that −∞ everywhere still has a place.
            for (int tap = 0; tap < _taps; tap++)
            {
                float* from = Tap(plane, oy, ox, tap);
                at[tap] = 0;
                if (from != null)
                {
                    TLanes value = TLanes.Load(from);
                    TLanes greater = TLanes.Greater(value, best);
                    at[tap] = (ushort)(TLanes.Bits(greater) | first);
                    best = first == 0 ? TLanes.Select(greater, value, best) : value;
                    first = 0;
                }
            }

            uint later = 0;
            for (int tap = _taps - 1; tap >= 0; tap--)
            {
                uint bits = at[tap];
                at[tap] = (ushort)(bits & ~later);
                later |= bits;
            }

            TLanes.Store(best, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardPlane(float* upstream, ushort* at, float* down)
    {
        for (int oy = 0; oy < y.H; oy++)
        {
            for (int ox = 0; ox < y.W; ox++, upstream += Blocked.Lanes, at += _taps)
            {
                TLanes gradient = TLanes.Load(upstream);
                for (int tap = 0; tap < _taps; tap++)
                {
                    if (at[tap] != 0)
                    {
                        float* to = Tap(down, oy, ox, tap);
                        TLanes.Store(TLanes.Add(TLanes.Load(to), TLanes.Keep(TLanes.Mask(at[tap]), gradient)), to);
                    }
                }
            }
        }
    }

    /// <summary>The vector under a tap, or null in the padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* Tap(float* plane, int oy, int ox, int tap)
    {
        int iy = oy * _window.Stride.H + _rows[tap], ix = ox * _window.Stride.W + _columns[tap];
        return (uint)iy < (uint)x.H && (uint)ix < (uint)x.W ? plane + iy * x.Row + (nint)ix * Blocked.Lanes : null;
    }

    private static int[] Places(Window window, Func<Window, int, int> place) =>
        [.. Enumerable.Range(0, window.Kernel.H * window.Kernel.W).Select(tap => place(window, tap))];
}
