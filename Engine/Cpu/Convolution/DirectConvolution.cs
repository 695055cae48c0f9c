using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Direct convolution of any kernel, stride, padding, dilation and number of groups. Output rows are cut into strips whose input fits in the second-level
/// cache; each strip's input is copied there once, with padding, and every group of output channels is computed from it tile by tile.
/// </summary>
/// <remarks>
/// The limit is the arithmetic of the micro-kernel, 2·taps·C·K operations a pixel; filters are read from cache once for each output row. Strips and their
/// tasks follow from the sizes alone, and each output is one chain of multiply-adds, so the number of threads changes no bit.
/// </remarks>
internal sealed unsafe class DirectConvolution<TLanes> : ConvAlgorithm where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Working memory to aim at, in floats: a part of the second-level cache of today's cores, which also holds filters.</summary>
    private const long StripFloats = 96 * 1024;

    /// <summary>A layer is cut finer, by output channels too, when it has fewer strips than this.</summary>
    private const int FewStrips = 8;

    private readonly ConvGeometry _geometry;
    private readonly DirectFilters _filters;
    private readonly InputStrip _strip;
    private readonly float[] _bias;
    private readonly int[] _taps;
    private readonly int _stripRows;
    private readonly int _strips;
    private readonly int _parts;
    private readonly bool _inPlace;

    public DirectConvolution(ConvGeometry geometry, DirectFilters filters, ReadOnlySpan<float> bias)
    {
        _geometry = geometry = geometry.IsPointwise ? geometry.AsOneRow() : geometry;
        _filters = filters;
        _strip = new InputStrip(geometry);
        _inPlace = geometry.IsPointwise;
        _stripRows = 1;
        while (_stripRows < geometry.Out.H && _strip.Floats(_stripRows + 1) <= StripFloats)
        {
            _stripRows++;
        }

        _strips = (geometry.Out.H + _stripRows - 1) / _stripRows;
        _stripRows = ((geometry.Out.H + _strips - 1) / _strips + 1) / 2 * 2; // Even, for sinks that take rows in pairs.
        _strips = (geometry.Out.H + _stripRows - 1) / _stripRows;
        _parts = geometry.Out.N * _strips >= FewStrips ? 1 : Math.Min(filters.Groups.Length, FewStrips);

        int width = TLanes.TileBlocks * Blocked.Lanes;
        _bias = GC.AllocateArray<float>(filters.Groups.Length * width, pinned: true);
        bias.CopyTo(_bias);
        _taps = GC.AllocateArray<int>(geometry.In.Blocks * geometry.Taps, pinned: true);
        FillTaps();
    }

    /// <inheritdoc/>
    public override long ScratchBytes =>
        ((_inPlace ? 0 : _strip.Floats(_stripRows)) + ResultFloats) * sizeof(float);

    /// <summary>Two rows of results of each of two blocks, for sinks.</summary>
    private long ResultFloats => 4L * _geometry.Out.W * Blocked.Lanes;

    /// <inheritdoc/>
    public override void Run<TSink>(WorkerPool pool, Scratch scratch, float* x, TSink sink)
    {
        var held = new int[pool.Threads]; // One more than the number of the strip that a thread's working memory holds.
        int groups = _filters.Groups.Length;
        pool.Run(_geometry.Out.N * _strips * _parts, (task, worker) =>
        {
            int strip = task / _parts;
            int part = task % _parts;
            int n = strip / _strips;
            int firstRow = strip % _strips * _stripRows;
            float* image = x + n * _geometry.In.Image;
            float* results = (float*)scratch.OfWorker[worker];
            float* input = image;
            if (!_inPlace)
            {
                input = results + ResultFloats;
                if (held[worker] != strip + 1)
                {
                    _strip.Fill(image, input, firstRow, _stripRows);
                    held[worker] = strip + 1;
                }
            }

            int rows = Math.Min(_stripRows, _geometry.Out.H - firstRow);
            for (int g = part * groups / _parts; g < (part + 1) * groups / _parts; g++)
            {
                for (int r = 0; r < rows; r += TSink.Step)
                {
                    Rows(g, input + r * _geometry.Window.Stride.H * InputRow, sink, n, firstRow + r, Math.Min(TSink.Step, rows - r), results);
                }
            }
        });
    }

    /// <summary>Floats from one row of the prepared input to the next.</summary>
    private nint InputRow => _inPlace ? _geometry.In.Row : _strip.Row;

    /// <summary>One or two output rows of one output group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows<TSink>(int g, float* input, TSink sink, int image, int row, int rows, float* results) where TSink : struct, ITileSink
    {
        Blocked output = _geometry.Out;
        nint resultRow = output.Row;
        int block = g * TLanes.TileBlocks;
        int blocks = Math.Min(TLanes.TileBlocks, output.Blocks - block); // An odd last block's partner is computed from zeros and thrown away.
        for (int r = 0; r < rows; r++)
        {
            float* y0 = results + r * resultRow;
            float* y1 = y0 + 2 * resultRow;
            if (sink is StoreSink<TLanes> store)
            {
                y0 = store.Place(image, block, row + r);
                y1 = blocks > 1 ? store.Place(image, block + 1, row + r) : y1;
            }

            Row(g, input + r * _geometry.Window.Stride.H * InputRow, y0, y1);
        }

        for (int b = 0; b < blocks && typeof(TSink) != typeof(StoreSink<TLanes>); b++)
        {
            sink.Write(results + b * 2 * resultRow, resultRow, rows, output.W, image, block + b, row, 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Row(int g, float* input, float* y0, float* y1)
    {
        DirectFilters.Group group = _filters.Groups[g];
        int width = _geometry.Out.W;
        int tiles = MicroKernels<TLanes>.TileCount(width);
        int* taps = (int*)Unsafe.AsPointer(ref _taps[0]) + group.FirstInputBlock * _geometry.Taps;
        float* bias = (float*)Unsafe.AsPointer(ref _bias[0]) + g * TLanes.TileBlocks * Blocked.Lanes;
        for (int t = 0; t < tiles; t++)
        {
            int start = MicroKernels<TLanes>.TileStart(t, tiles, width);
            int pixels = MicroKernels<TLanes>.TileStart(t + 1, tiles, width) - start;
            nint at = (nint)start * Blocked.Lanes;
            MicroKernels<TLanes>.ForRows(pixels)(
                input + at, taps, group.InputBlocks * _geometry.Taps, _filters.Depth, _filters.Start(group), bias, y0 + at, y1 + at);
        }
    }

    private void FillTaps()
    {
        int i = 0;
        for (int block = 0; block < _geometry.In.Blocks; block++)
        {
            for (int ky = 0; ky < _geometry.Window.Kernel.H; ky++)
            {
                for (int kx = 0; kx < _geometry.Window.Kernel.W; kx++)
                {
                    _taps[i++] = _inPlace ? checked((int)(block * _geometry.In.Plane)) : _strip.Offset(_stripRows, block, ky, kx);
                }
            }
        }
    }
}
