using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Direct convolution of any kernel, stride, padding, dilation and number of groups. Output rows are cut into strips whose input fits in
/// the second-level
/// cache; each strip's input is copied there once, with padding, and every group of output channels is computed from it tile by tile. A
/// pointwise convolution's images are one row each, cut into strips of pixels, which are read where they lie.
/// Inputs with few channels
/// are copied as planes, a fraction of their blocks, so that a strip stays near the processor; they may come in dense order.
/// </summary>
/// <remarks>
/// The limit is the arithmetic of the micro-kernel, 2·taps·C·K operations a pixel; filters are read from cache once for each output row.
/// Strips and their
/// tasks follow from the sizes alone, and each output is one chain of multiply-adds, so the number of threads changes no bit.
/// </remarks>
internal sealed unsafe class DirectConvolution<TLanes> : ConvAlgorithm where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Working memory for planes to aim at, in floats: not far from the first-level cache, yet with few rows that neighbouring
    /// strips repeat.</summary>
    private const long PlanarStripFloats = 12 * 1024;

    /// <summary>A layer is cut finer, by output channels too, when it has fewer strips than this.</summary>
    private const int FewStrips = 8;

    /// <summary>Tiles of a strip of a pointwise convolution, at least.</summary>
    private const int LeastTiles = 4;

    /// <summary>Inputs with no more channels than this are copied as planes.</summary>
    private const int FewChannels = 4;

    /// <summary>Working memory to aim at, in floats: a part of the second-level cache, which also holds filters.</summary>
    private static readonly long s_stripFloats = Math.Min(384L << 10, Processor.SecondLevelCache / 2) / sizeof(float);

    private readonly ConvGeometry _geometry;
    private readonly ConvGeometry _gathered;
    private readonly DirectFilters _filters;
    private readonly InputStrip _strip;
    private readonly float[] _bias;
    private readonly int[][] _taps;
    private readonly int _stripRows;
    private readonly int _pixels; // of a strip's row
    private readonly int _strips;
    private readonly int _parts;
    private readonly bool _inPlace;
    private readonly bool _planar;
    private readonly bool _packsEachRun;
    private readonly bool _fetchesAhead;

    /// <param name="geometry">The sizes.</param>
    /// <param name="phases">Its phases.</param>
    /// <param name="filters">The filters.</param>
    /// <param name="bias">One value for each output channel, or none.</param>
    /// <param name="packsEachRun">Whether filters are packed into working memory for each run, instead of once into memory of their
    /// own.</param>
    public DirectConvolution(ConvGeometry geometry, ConvPhases phases, DirectFilters filters, ReadOnlySpan<float> bias, bool packsEachRun)
    {
        _inPlace = geometry.IsPointwise;
        _geometry = _inPlace ? geometry.AsOneRow() : geometry;
        _gathered = _inPlace ? _geometry : phases.Gathered;
        _filters = filters;
        _packsEachRun = packsEachRun;
        _planar = !_inPlace && geometry.In.C <= FewChannels && geometry.Spread == Layers.Size2.Square(1);
        _fetchesAhead = !_planar && FetchAhead.Pays(TLanes.TilePixels, filters.Bytes);
        _strip = new InputStrip(_gathered, _planar);
        _stripRows = 1;
        while (_stripRows < _gathered.Out.H && _strip.Floats(_stripRows + 1) <= (_planar ? PlanarStripFloats : s_stripFloats))
        {
            _stripRows++;
        }

        _strips = (_gathered.Out.H + _stripRows - 1) / _stripRows;
        _stripRows = ((_gathered.Out.H + _strips - 1) / _strips + 1) / 2 * 2; // Even, for sinks that take rows in pairs.
        _strips = (_gathered.Out.H + _stripRows - 1) / _stripRows;
        _pixels = _geometry.Out.W;
        if (_inPlace)
        {
            long strips = Math.Min(
                (_geometry.In.Image + s_stripFloats - 1) / s_stripFloats, Math.Max(1, _pixels / (LeastTiles * TLanes.TilePixels)));
            _pixels = (int)(((_pixels + strips - 1) / strips + TLanes.TilePixels - 1) / TLanes.TilePixels * TLanes.TilePixels);
            _strips = (_geometry.Out.W + _pixels - 1) / _pixels;
        }

        int all = _gathered.Out.N * _strips;
        _parts = all >= FewStrips ? 1 : Math.Min(filters.Groups, _inPlace ? (FewStrips + all - 1) / all : FewStrips);

        _bias = GC.AllocateArray<float>(filters.Groups * filters.TileBlocks * Blocked.Lanes, pinned: true);
        bias.CopyTo(_bias);
        _taps = [.. Enumerable.Range(0, phases.Count).Select(phase => Offsets(phases.Places(phase)))];
    }

    /// <inheritdoc/>
    public override bool CanReadDense => _planar;

    /// <inheritdoc/>
    public override long ScratchBytes => ((_inPlace ? 0 : _strip.Floats(_stripRows)) + ResultFloats) * sizeof(float);

    /// <inheritdoc/>
    public override long SharedBytes => _packsEachRun ? _filters.Bytes : 0;

    /// <summary>Results of two blocks, for sinks: two rows, of a tile or whole, or all rows of a strip where its pixels fall into
    /// phases.</summary>
    private long ResultFloats => 2 * ResultRows * Math.Max(TLanes.TilePixels, _geometry.Out.W) * Blocked.Lanes;

    private long ResultRows => IsSpread ? (long)_stripRows * _geometry.Spread.H : 2;

    private bool IsSpread => _geometry.Spread != Layers.Size2.Square(1);

    /// <summary>Floats from one row of the prepared input to the next.</summary>
    private nint InputRow => _inPlace ? _geometry.In.Row : _strip.Row;

    /// <inheritdoc/>
    public override void Prepare(WorkerPool pool)
    {
        if (!_packsEachRun)
        {
            _filters.Keep(pool);
        }
    }

    /// <inheritdoc/>
    public override void Run<TSink>(WorkerPool pool, Scratch scratch, float* x, TSink sink)
    {
        float* filters = (float*)scratch.Shared;
        if (_packsEachRun)
        {
            _filters.Pack(filters, pool);
        }
        else
        {
            filters = _filters.Keep(pool);
        }

        var held = new int[pool.Threads]; // One more than the number of the strip that a thread's working memory holds.
        int groups = _filters.Groups;
        pool.Run(_gathered.Out.N * _strips * _parts, (task, worker) =>
        {
            int strip = task / _parts;
            int part = task % _parts;
            int n = strip / _strips;
            int firstRow = _inPlace ? 0 : strip % _strips * _stripRows;
            float* input = x + n * (ReadsDense ? _geometry.In.DenseImage : _geometry.In.Image);
            float* results = (float*)scratch.OfWorker[worker];
            if (!_inPlace)
            {
                float* copy = results + ResultFloats;
                if (held[worker] != strip + 1)
                {
                    _strip.Fill(input, copy, firstRow, _stripRows, ReadsDense);
                    held[worker] = strip + 1;
                }

                input = copy;
            }

            int firstPixel = _inPlace ? strip % _strips * _pixels : 0;
            int first = firstRow * _geometry.Spread.H;
            int end = Math.Min(_geometry.Out.H, (firstRow + _stripRows) * _geometry.Spread.H);
            for (int g = part * groups / _parts; g < (part + 1) * groups / _parts; g++)
            {
                if (IsSpread)
                {
                    SpreadRows(filters, g, input, sink, n, first, end - first, results);
                    continue;
                }

                for (int row = first; row < end; row += TSink.Step)
                {
                    Rows(filters, g, input, row - first, sink, n, row, Math.Min(TSink.Step, end - row), firstPixel, results);
                }
            }
        });
    }

    /// <summary>One or two output rows of one output group, whose pixels lie side by side.</summary>
    private void Rows<TSink>(
        float* filters, int g, float* input, int rowOfStrip, TSink sink, int image, int row, int rows, int firstPixel, float* results)
        where TSink : struct, ITileSink
    {
        if (_planar)
        {
            TiledRows<TSink, PlanarPixels>(Find(filters, 0, g), g, input, rowOfStrip, sink, image, row, rows, firstPixel, results);
        }
        else
        {
            TiledRows<TSink, BlockedPixels>(Find(filters, 0, g), g, input, rowOfStrip, sink, image, row, rows, firstPixel, results);
        }
    }

    /// <summary>
    /// Rows of one phase, tile by tile: the sink stores one tile's results while the next is computed, so that the time for stores, the
    /// limit of layers with few
    /// input channels, hides behind the arithmetic.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TiledRows<TSink, TPitch>(Terms terms, int g, float* input, int rowOfStrip, TSink sink, int image, int row, int rows,
        int firstPixel, float* results)
        where TSink : struct, ITileSink
        where TPitch : struct, IPixelPitch
    {
        Blocked output = _geometry.Out;
        nint inputRow = _strip.RowStep * InputRow;
        nint resultRow = TLanes.TilePixels * Blocked.Lanes;
        int block = g * _filters.TileBlocks;
        // An odd last block's partner is computed from zeros and thrown away.
        int blocks = Math.Min(_filters.TileBlocks, output.Blocks - block);
        input += rowOfStrip * inputRow;
        // A sink that takes rows in pairs takes columns so too.
        var cut = TileCut.OfAtMost(TLanes.TilePixels / TSink.Step, Math.Min(_pixels, output.W - firstPixel) / TSink.Step);
        for (int t = 0; t < cut.Tiles; t++)
        {
            int start = firstPixel + cut.Start(t) * TSink.Step;
            int pixels = cut.Rows(t) * TSink.Step;
            for (int r = 0; r < rows; r++)
            {
                float* y0 = results + r * resultRow;
                float* y1 = y0 + 2 * resultRow;
                if (sink is StoreSink<TLanes> store)
                {
                    y0 = store.Place(image, block, row + r) + start * Blocked.Lanes;
                    y1 = blocks > 1 ? store.Place(image, block + 1, row + r) + start * Blocked.Lanes : y1;
                }

                float* from = input + r * inputRow + start * TPitch.Floats;
                MicroKernels<TLanes, TPitch>.ForRows(pixels, _filters.TileBlocks)(
                    from, terms.Taps, terms.Count, terms.Depth, terms.Filters, terms.Ahead, terms.Bias, y0, y1, Blocked.Lanes);
            }

            for (int b = 0; b < blocks && typeof(TSink) != typeof(StoreSink<TLanes>); b++)
            {
                sink.Write(results + b * 2 * resultRow, resultRow, rows, pixels, image, block + b, row, start);
            }
        }
    }

    /// <summary>
    /// A strip's rows whose pixels fall into phases: phase after phase, since each has filters of its own, which all its pixels use while
    /// they are near. Pixels are
    /// computed side by side and stored at their distance.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SpreadRows<TSink>(float* filters, int g, float* input, TSink sink, int image, int row, int rows, float* results)
        where TSink : struct, ITileSink
    {
        Blocked output = _geometry.Out;
        (int down, int across) = _geometry.Spread;
        nint pitch = (nint)across * Blocked.Lanes;
        nint resultBlock = (nint)ResultRows * output.Row;
        int block = g * _filters.TileBlocks;
        int blocks = Math.Min(_filters.TileBlocks, output.Blocks - block);
        for (int phase = 0; phase < down * across; phase++)
        {
            (int firstRow, int column) = Math.DivRem(phase, across);
            Terms terms = Find(filters, phase, g);
            var cut = TileCut.OfAtMost(TLanes.TilePixels, (output.W - column + across - 1) / across);
            for (int r = firstRow; r < rows; r += down)
            {
                float* y0 = results + r * output.Row;
                float* y1 = y0 + resultBlock;
                if (sink is StoreSink<TLanes> store)
                {
                    y0 = store.Place(image, block, row + r);
                    y1 = blocks > 1 ? store.Place(image, block + 1, row + r) : y1;
                }

                for (int t = 0; t < cut.Tiles; t++)
                {
                    float* from = input + r / down * InputRow + cut.Start(t) * Blocked.Lanes;
                    nint at = cut.Start(t) * pitch + column * Blocked.Lanes;
                    MicroKernels<TLanes, BlockedPixels>.ForRows(cut.Rows(t), _filters.TileBlocks)(
                        from, terms.Taps, terms.Count, terms.Depth, terms.Filters, terms.Ahead, terms.Bias, y0 + at, y1 + at, pitch);
                }
            }
        }

        for (int b = 0; b < blocks && typeof(TSink) != typeof(StoreSink<TLanes>); b++)
        {
            sink.Write(results + b * resultBlock, output.Row, rows, output.W, image, block + b, row, 0);
        }
    }

    /// <summary>The terms of an output group in a phase.</summary>
    private Terms Find(float* filters, int phase, int g)
    {
        DirectFilters.Group group = _filters.Find(phase, g);
        int tapsOfBlock = _planar ? _taps[phase].Length : _taps[phase].Length / _geometry.In.Blocks;
        return new Terms(
            (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_taps[phase])) + group.FirstInputBlock * tapsOfBlock,
            group.InputBlocks * tapsOfBlock,
            _planar ? 1 : _filters.Depth,
            filters + group.Offset,
            _fetchesAhead ? FetchAhead.Following(filters + group.Offset, _filters.TileBlocks * Blocked.Lanes) : default,
            (float*)Unsafe.AsPointer(ref _bias[0]) + g * _filters.TileBlocks * Blocked.Lanes);
    }

    /// <summary>Where each tap of each input block lies, or of each channel if planar.</summary>
    private int[] Offsets((int Row, int Column)[] places)
    {
        int channels = _planar ? _geometry.In.C : 1;
        int[] taps = GC.AllocateArray<int>(_geometry.In.Blocks * places.Length * channels, pinned: true);
        for (int i = 0; i < taps.Length; i++)
        {
            int place = i / channels;
            (int row, int column) = places[place % places.Length];
            int plane = place / places.Length + i % channels;
            taps[i] = _inPlace ? checked((int)(plane * _geometry.In.Plane)) : _strip.Offset(_stripRows, plane, row, column);
        }

        return taps;
    }

    /// <summary>What a micro-kernel sums: taps, their number, the channels of each, their filters, what is fetched meanwhile, and start
    /// values.</summary>
    private readonly struct Terms(int* taps, int count, int depth, float* filters, FetchAhead ahead, float* bias)
    {
        public readonly int* Taps = taps;
        public readonly int Count = count;
        public readonly int Depth = depth;
        public readonly float* Filters = filters;
        public readonly FetchAhead Ahead = ahead;
        public readonly float* Bias = bias;
    }
}
