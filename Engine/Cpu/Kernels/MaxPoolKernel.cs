using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// Max pooling. Forward records for every output vector and tap the bits of the lanes whose maximum lies at that tap (the switches);
/// backward, each place gathers the gradients of the windows whose maximum it is. Record: <c>[output vector][tap]</c>, 16 bits each.
/// </summary>
internal sealed unsafe class MaxPoolKernel<TLanes> : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly Blocked _x;
    private readonly Blocked _y;
    private readonly Window _window;
    private readonly int _taps;
    private readonly int[] _places; // of each tap, in floats from the first one's
    private readonly PoolReaders _rows;
    private readonly PoolReaders _columns;
    private readonly int _inner; // The windows from here on lie in the image from side to side,
    private readonly int _innerEnd; // up to here.

    public MaxPoolKernel(MaxPool2d layer, Blocked x, Blocked y)
    {
        (_x, _y, _window) = (x, y, layer.Window.At(x.H, x.W));
        Window w = _window;
        _taps = w.Kernel.H * w.Kernel.W;
        _places = [.. Enumerable.Range(0, _taps).Select(tap =>
            (int)(tap / w.Kernel.W * w.Dilation.H * x.Row) + tap % w.Kernel.W * w.Dilation.W * Blocked.Lanes)];
        _rows = PoolReaders.Sliding(x.H, y.H, w.Kernel.H, w.Stride.H, w.Padding.H, w.Dilation.H);
        _columns = PoolReaders.Sliding(x.W, y.W, w.Kernel.W, w.Stride.W, w.Padding.W, w.Dilation.W);
        int reach = (w.Kernel.W - 1) * w.Dilation.W;
        _inner = Math.Min(y.W, (w.Padding.W + w.Stride.W - 1) / w.Stride.W);
        _innerEnd = Math.Clamp((x.W - 1 - reach + w.Padding.W) / w.Stride.W + 1, _inner, y.W);
        if (x.W <= reach)
        {
            _innerEnd = _inner;
        }
    }

    /// <inheritdoc/>
    public override long RecordBytes => _y.Vectors * _taps * sizeof(ushort);

    /// <inheritdoc/>
    public override long ScratchBytes => GradientRows<TLanes>.ScratchBytes(_x);

    /// <inheritdoc/>
    public override bool AddsToGradients => true;

    /// <inheritdoc/>
    public override bool Applies(Gate gate) => gate == Gate.Activation;

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        var switches = (ushort*)run.Record;
        run.Pool.Run(_y.N * _y.Blocks * _y.H, (row, _) =>
        {
            float* plane = run.Inputs[0] + row / _y.H * _x.Plane;
            ushort* at = switches + (long)row * _y.W * _taps;
            int top = row % _y.H * _window.Stride.H - _window.Padding.H, reach = (_window.Kernel.H - 1) * _window.Dilation.H;
            bool isInside = top >= 0 && top + reach < _x.H;
            int inner = isInside ? _inner : _y.W, innerEnd = isInside ? _innerEnd : _y.W;
            float* to = run.Output + row * _y.Row;
            Edge(plane, top, 0, inner, to, at);
            Inside(plane + top * _x.Row, inner, innerEnd, to, at);
            Edge(plane, top, innerEnd, _y.W, to, at);
        });
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        var switches = (ushort*)run.Record;
        GradientRows<TLanes>.Run(run, rule, _x, (plane, row, to) => Gather(
            run.OutputGradient + plane * _y.Plane, switches + (long)plane * _y.H * _y.W * _taps, row, to));
    }

    /// <summary>Windows of a row that lie in the image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Inside(float* row, int first, int end, float* to, ushort* at)
    {
        fixed (int* places = _places)
        {
            int stride = _window.Stride.W * Blocked.Lanes;
            float* from = row + (first * _window.Stride.W - _window.Padding.W) * Blocked.Lanes;
            to += (nint)first * Blocked.Lanes;
            at += (nint)first * _taps;
            for (int ox = first; ox < end; ox++, from += stride, to += Blocked.Lanes, at += _taps)
            {
                TLanes best = TLanes.Load(from);
                at[0] = ushort.MaxValue;
                for (int tap = 1; tap < _taps; tap++)
                {
                    TLanes value = TLanes.Load(from + places[tap]);
                    TLanes greater = TLanes.Greater(value, best);
                    at[tap] = (ushort)TLanes.Bits(greater);
                    best = TLanes.Select(greater, value, best);
                }

                TLanes.Store(best, to);
                KeepLast(at);
            }
        }
    }

    /// <summary>Windows of a row that may reach over an edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Edge(float* plane, int top, int first, int end, float* to, ushort* at)
    {
        to += (nint)first * Blocked.Lanes;
        at += (nint)first * _taps;
        for (int ox = first; ox < end; ox++, to += Blocked.Lanes, at += _taps)
        {
            int left = ox * _window.Stride.W - _window.Padding.W;
            TLanes best = TLanes.Broadcast(float.NegativeInfinity);
            uint all = ushort.MaxValue; // The first tap inside the image is taken as it is, so that −∞ everywhere still has a place.
            for (int tap = 0; tap < _taps; tap++)
            {
                int iy = top + tap / _window.Kernel.W * _window.Dilation.H, ix = left + tap % _window.Kernel.W * _window.Dilation.W;
                at[tap] = 0;
                if ((uint)iy < (uint)_x.H && (uint)ix < (uint)_x.W)
                {
                    TLanes value = TLanes.Load(plane + iy * _x.Row + (nint)ix * Blocked.Lanes);
                    TLanes greater = TLanes.Greater(value, best);
                    at[tap] = (ushort)(TLanes.Bits(greater) | all);
                    best = all == 0 ? TLanes.Select(greater, value, best) : value;
                    all = 0;
                }
            }

            TLanes.Store(best, to);
            KeepLast(at);
        }
    }

    /// <summary>Of the taps that were the largest so far, the last is the largest of all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void KeepLast(ushort* at)
    {
        uint later = 0;
        for (int tap = _taps - 1; tap >= 0; tap--)
        {
            uint bits = at[tap];
            at[tap] = (ushort)(bits & ~later);
            later |= bits;
        }
    }

    /// <summary>A row of the gradient at the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(float* upstream, ushort* switches, int row, float* to)
    {
        int first = _rows.First(row), count = _rows.First(row + 1) - first;
        float** from = stackalloc float*[count];
        ushort** at = stackalloc ushort*[count];
        for (int i = 0; i < count; i++)
        {
            int oy = _rows.Windows[first + i];
            from[i] = upstream + oy * _y.Row;
            at[i] = switches + (nint)oy * _y.W * _taps + _rows.Taps[first + i] * _window.Kernel.W;
        }

        fixed (int* windows = _columns.Windows, taps = _columns.Taps)
        {
            for (int ix = 0, j = 0; ix < _x.W; ix++, to += Blocked.Lanes)
            {
                TLanes sum = TLanes.Zero;
                for (int end = _columns.First(ix + 1); j < end; j++)
                {
                    nint ox = windows[j], tap = ox * _taps + taps[j];
                    for (int i = 0; i < count; i++)
                    {
                        sum = TLanes.Add(sum, TLanes.Keep(TLanes.Mask(at[i][tap]), TLanes.Load(from[i] + ox * Blocked.Lanes)));
                    }
                }

                TLanes.Store(sum, to);
            }
        }
    }
}
