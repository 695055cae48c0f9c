using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Layers;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Convolution with one to four output channels, such as the gradient at an image: each input pixel's products with the filters of all taps
/// come first, one
/// matrix product over the input channels whose columns are pairs of tap and output channel, so that no lane is wasted on channels that do
/// not exist. Then each
/// output pixel gathers its sum from the pixels and taps that reach it, across any stride of the layer whose gradient this is.
/// </summary>
/// <remarks>
/// The limit is the arithmetic of the micro-kernel, 2·C·16 operations for an input pixel and <see cref="Slots"/> taps. A strip of output
/// rows keeps the last few
/// rows of products in the second-level cache. Strips follow from the sizes alone; an output is the sum over taps, in row order, of one
/// chain of multiply-adds each.
/// </remarks>
internal sealed unsafe class GatherConvolution<TLanes> : ConvAlgorithm where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Most output channels: lanes that are added at once.</summary>
    private const int MostOutputs = 4;

    /// <summary>Strips of an image, for threads to share, and the fewest rows of one: the products of its first rows are computed for its
    /// neighbour too.</summary>
    private const int Strips = 8, LeastRows = 16;

    private readonly ConvGeometry _geometry;
    private readonly float[] _filters; // [output group][input block][depth][TileBlocks·16]
    private readonly int[] _inputs; // where each input block lies
    private readonly float[] _zeros = GC.AllocateArray<float>(2 * Blocked.Lanes, pinned: true);
    private readonly Vector128<float> _bias;
    private readonly Vector128<float> _used;
    private readonly int _groups;
    private readonly int _depth;
    private readonly int _left; // columns of zeros before a row of products
    private readonly nint _block; // floats of one block of a row of products
    private readonly int _ring; // rows of products kept
    private readonly int _stripRows;

    public GatherConvolution(ConvGeometry geometry, FilterReader filters, ReadOnlySpan<float> bias)
    {
        _geometry = geometry;
        (Size2 kernel, _, Size2 padding, Size2 dilation) = geometry.Window;
        (int down, int across) = geometry.Spread;
        int blocks = (filters.Taps + Slots - 1) / Slots;
        _groups = (blocks + TLanes.TileBlocks - 1) / TLanes.TileBlocks;
        _depth = Math.Min(Blocked.Lanes, geometry.In.C);
        _left = Math.Max(0, (padding.W + across - 1) / across);
        int last = FloorDivide(geometry.Out.W - 1 + (kernel.W - 1) * dilation.W - padding.W, across);
        _block = (nint)(_left + Math.Max(geometry.In.W, last + 1)) * Blocked.Lanes;
        _ring = (kernel.H - 1) * dilation.H / down + 2;
        _stripRows = Math.Max(LeastRows, ((geometry.Out.H + Strips - 1) / Strips + 1) / 2 * 2); // Even, for sinks that take rows in pairs.
        _inputs = GC.AllocateArray<int>(geometry.In.Blocks, pinned: true);
        for (int b = 0; b < _inputs.Length; b++)
        {
            _inputs[b] = checked((int)(b * geometry.In.Plane));
        }

        Span<float> start = stackalloc float[MostOutputs];
        bias.CopyTo(start);
        _bias = Vector128.Create<float>(start);
        _used = Vector128.LessThan(Vector128.Create(0, 1, 2, 3), Vector128.Create(geometry.Out.C)).AsSingle();
        _filters = GC.AllocateArray<float>(_groups * geometry.In.Blocks * _depth * Width, pinned: true);
        Pack(filters);
    }

    /// <inheritdoc/>
    public override long ScratchBytes => (2L * _geometry.Out.Row + _ring * ProductRow + Blocked.Lanes) * sizeof(float);

    /// <summary>Taps in a block of sixteen lanes.</summary>
    private int Slots => Blocked.Lanes / _geometry.Out.C;

    /// <summary>Columns of one micro-kernel's tile.</summary>
    private static int Width => TLanes.TileBlocks * Blocked.Lanes;

    /// <summary>Floats of a row of products.</summary>
    private long ProductRow => _groups * TLanes.TileBlocks * (long)_block;

    /// <summary>Whether the geometry is one that this algorithm is for: few output channels, stride 1 (the gradient of any stride is), more
    /// than one tap.</summary>
    public static bool CanRun(ConvGeometry g, int groups) => groups == 1 && g.Out.C <= MostOutputs
        && g.Window.Stride == Size2.Square(1) && g.Window.Kernel != Size2.Square(1);

    /// <inheritdoc/>
    public override void Run<TSink>(WorkerPool pool, Scratch scratch, float* x, TSink sink)
    {
        int strips = (_geometry.Out.H + _stripRows - 1) / _stripRows;
        pool.Run(_geometry.Out.N * strips, (task, worker) =>
        {
            float* results = (float*)scratch.OfWorker[worker];
            NativeMemory.Clear(results, (nuint)ScratchBytes);
            Strip(x, sink, task / strips, task % strips * _stripRows, results);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Strip<TSink>(float* x, TSink sink, int image, int first, float* results) where TSink : struct, ITileSink
    {
        Blocked output = _geometry.Out;
        (Size2 kernel, _, Size2 padding, Size2 dilation) = _geometry.Window;
        int down = _geometry.Spread.H;
        float* products = results + 2 * output.Row;
        int next = Math.Max(0, FloorDivide(first - padding.H, down));
        int end = Math.Min(output.H, first + _stripRows);
        for (int row = first; row < end; row += TSink.Step)
        {
            for (int r = row; r < row + TSink.Step; r++)
            {
                int last = Math.Min(_geometry.In.H - 1, FloorDivide(r + (kernel.H - 1) * dilation.H - padding.H, down));
                for (; next <= last; next++)
                {
                    Multiply(x + image * _geometry.In.Image + next * _geometry.In.Row, products + next % _ring * ProductRow
                        + _left * Blocked.Lanes);
                }

                Gather(products, r, results + (r - row) * output.Row);
            }

            sink.Write(results, output.Row, TSink.Step, output.W, image, 0, row, 0);
        }
    }

    /// <summary>The products of one row of input pixels with all taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(float* x, float* products)
    {
        int width = _geometry.In.W;
        var cut = TileCut.OfAtMost(TLanes.TilePixels, width);
        var inputs = (int*)Unsafe.AsPointer(ref _inputs[0]);
        var zeros = (float*)Unsafe.AsPointer(ref _zeros[0]);
        for (int t = 0; t < cut.Tiles; t++)
        {
            int start = cut.Start(t);
            var filters = (float*)Unsafe.AsPointer(ref _filters[0]);
            for (int g = 0; g < _groups; g++, filters += _inputs.Length * _depth * Width)
            {
                float* y = products + g * TLanes.TileBlocks * _block + start * Blocked.Lanes;
                MicroKernels<TLanes, BlockedPixels>.ForRows(cut.Rows(t))(
                    x + start * Blocked.Lanes, inputs, _inputs.Length, _depth, filters, default, zeros, y, y + _block, Blocked.Lanes);
            }
        }
    }

    /// <summary>One row of outputs. Column by column modulo the spread, since those columns are reached by the same taps.</summary>
    [SkipLocalsInit]
    private void Gather(float* products, int row, float* results)
    {
        (Size2 kernel, _, Size2 padding, Size2 dilation) = _geometry.Window;
        (int down, int across) = _geometry.Spread;
        float** taps = stackalloc float*[kernel.H * kernel.W];
        for (int column = 0; column < Math.Min(across, _geometry.Out.W); column++)
        {
            int count = 0;
            for (int tap = 0; tap < kernel.H * kernel.W; tap++)
            {
                int y = row + tap / kernel.W * dilation.H - padding.H;
                int x = column + tap % kernel.W * dilation.W - padding.W;
                if (y >= 0 && y % down == 0 && y / down < _geometry.In.H && x % across == 0)
                {
                    taps[count++] = products + y / down % _ring * ProductRow + tap / Slots * _block + (_left + x / across) * Blocked.Lanes
                        + tap % Slots * _geometry.Out.C;
                }
            }

            Add(taps, count, results + column * Blocked.Lanes, (nint)across * Blocked.Lanes,
                (_geometry.Out.W - column + across - 1) / across);
        }
    }

    /// <summary>Sums over taps for neighbouring pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(float** taps, int count, float* results, nint step, int width)
    {
        nint at = 0;
        int j = 0;
        for (; j + 4 <= width; j += 4, at += 4 * Blocked.Lanes, results += 4 * step)
        {
            Vector128<float> s0 = _bias, s1 = _bias, s2 = _bias, s3 = _bias;
            for (int t = 0; t < count; t++)
            {
                float* from = taps[t] + at;
                s0 += Vector128.Load(from);
                s1 += Vector128.Load(from + Blocked.Lanes);
                s2 += Vector128.Load(from + 2 * Blocked.Lanes);
                s3 += Vector128.Load(from + 3 * Blocked.Lanes);
            }

            (s0 & _used).Store(results);
            (s1 & _used).Store(results + step);
            (s2 & _used).Store(results + 2 * step);
            (s3 & _used).Store(results + 3 * step);
        }

        for (; j < width; j++, at += Blocked.Lanes, results += step)
        {
            Vector128<float> sum = _bias;
            for (int t = 0; t < count; t++)
            {
                sum += Vector128.Load(taps[t] + at);
            }

            (sum & _used).Store(results);
        }
    }

    private void Pack(FilterReader filters)
    {
        float* taps = stackalloc float[filters.Taps];
        filters.Open();
        for (int i = 0; i < _geometry.In.C; i++)
        {
            for (int o = 0; o < _geometry.Out.C; o++)
            {
                filters.Read(o, i, taps);
                for (int tap = 0; tap < filters.Taps; tap++)
                {
                    int column = tap / Slots * Blocked.Lanes + tap % Slots * _geometry.Out.C + o;
                    int channel = i / Blocked.Lanes * _depth + i % Blocked.Lanes;
                    _filters[(column / Width * _geometry.In.Blocks * _depth + channel) * Width + column % Width] = taps[tap];
                }
            }
        }

        filters.Close();
    }

    private static int FloorDivide(int a, int b) => a >= 0 ? a / b : -((b - 1 - a) / b);
}
