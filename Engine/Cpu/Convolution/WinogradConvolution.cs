using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Convolution of stride 1 by Winograd's F(4×4, 3×3) or F(2×2, 5×5): transform the input's tiles, 36 matrix products over the channels,
/// transform the results
/// back. The tiles of all images are numbered through and worked on in chunks whose transformed input stays in cache, so that time per
/// image does not grow
/// with the batch. A dilated convolution is one of stride 1 for each remainder of a pixel's row and column modulo the dilation; their tiles
/// interlock, and
/// those of all remainders together, a patch, fill a rectangle of outputs.
/// </summary>
/// <remarks>
/// A layer with small filters is cut by tiles: each thread takes a chunk through all three stages, with the filters in its own cache. A
/// layer whose filters
/// are large is cut by points: the threads transform a chunk together, then each multiplies some of the 36 points, whose input stays in its
/// cache while the
/// filters stream past once, then they transform the results together. Which way, and the chunks, follow from the sizes alone.
/// </remarks>
internal sealed unsafe class WinogradConvolution<TLanes> : ConvAlgorithm where TLanes : unmanaged, ILanes<TLanes>
{
    private const int Points = WinogradTransform.Points;
    private const int Last = WinogradTransform.Inputs - 1;

    /// <summary>Patches of a larger dilation would not stay in the first-level cache.</summary>
    private const int MostDilation = 4;

    /// <summary>Vectors of results that are handed on together: a part of the first-level cache.</summary>
    private const int MostOfStrip = 128;

    private readonly ConvGeometry _geometry;
    private readonly WinogradFilters _filters;
    private readonly float[] _bias;
    private readonly float[] _zeros = GC.AllocateArray<float>(2 * Blocked.Lanes, pinned: true);
    private readonly int[] _taps;
    private readonly Size2 _dilation;
    private readonly int _side; // outputs of a tile along one axis
    private readonly int _tilesOfPatch;
    private readonly int _patchesAcross;
    private readonly int _patchesOfStrip;
    private readonly int _tilesOfImage;
    private readonly int _chunk; // whole patches
    private readonly bool _byPoints;
    private readonly bool _fetchesAhead;
    private readonly nint _inputPoint;
    private readonly nint _outputPoint;

    public WinogradConvolution(ConvGeometry geometry, WinogradFilters filters, ReadOnlySpan<float> bias)
    {
        _geometry = geometry;
        _filters = filters;
        _dilation = geometry.Window.Dilation;
        _side = WinogradTransform.Outputs(geometry.Window.Kernel.H);
        _tilesOfPatch = _dilation.H * _dilation.W;
        _patchesAcross = Patches(geometry).W;
        _patchesOfStrip = Math.Min(_patchesAcross, Math.Max(1, MostOfStrip / (_side * _side * _tilesOfPatch)));
        int tiles = Tiles(geometry);
        _tilesOfImage = tiles / geometry.Out.N;
        var tuning = new WinogradTuning(tiles, _tilesOfPatch, filters.InputBlocks, filters.Bytes, TLanes.TilePixels);
        _byPoints = tuning.ByPoints;
        _fetchesAhead = tuning.FetchesAhead;
        _chunk = tuning.Chunk;
        // The odd vector keeps points from sharing cache sets.
        _inputPoint = (nint)filters.InputBlocks * _chunk * Blocked.Lanes + Blocked.Lanes;
        int outputBlocks = _byPoints ? filters.Groups * TLanes.TileBlocks : TLanes.TileBlocks;
        _outputPoint = (nint)outputBlocks * _chunk * Blocked.Lanes + Blocked.Lanes;
        _bias = GC.AllocateArray<float>(filters.Groups * TLanes.TileBlocks * Blocked.Lanes, pinned: true);
        bias.CopyTo(_bias);
        _taps = GC.AllocateArray<int>(filters.InputBlocks, pinned: true);
        for (int b = 0; b < _taps.Length; b++)
        {
            _taps[b] = b * _chunk * Blocked.Lanes;
        }
    }

    private long InputFloats => Points * (long)_inputPoint;

    private long OutputFloats => Points * (long)_outputPoint;

    /// <summary>Room for a tile of inputs or a strip of outputs.</summary>
    private long TempFloats => Math.Max(Points, _patchesOfStrip * _side * _side * _tilesOfPatch) * (long)Blocked.Lanes;

    /// <inheritdoc/>
    public override long ScratchBytes => (TempFloats + (_byPoints ? 0 : InputFloats + OutputFloats)) * sizeof(float);

    /// <inheritdoc/>
    public override long SharedBytes => _byPoints ? (InputFloats + OutputFloats) * sizeof(float) : 0;

    /// <summary>Whether the geometry is one that this algorithm computes.</summary>
    public static bool CanRun(ConvGeometry g, int groups) => groups == 1 && WinogradTransform.Has(g.Window.Kernel)
        && g.Window.Stride == Size2.Square(1) && g.Spread == Size2.Square(1)
        && g.Window.Dilation is { H: <= MostDilation, W: <= MostDilation };

    /// <summary>Tiles of all images, those that reach over an edge included.</summary>
    public static int Tiles(ConvGeometry g) => g.Out.N * Patches(g).H * Patches(g).W * g.Window.Dilation.H * g.Window.Dilation.W;

    /// <inheritdoc/>
    public override void Run<TSink>(WorkerPool pool, Scratch scratch, float* x, TSink sink)
    {
        float* filters = _filters.Use(pool, out NativeBuffer? lent);
        try
        {
            if (_byPoints)
            {
                RunByPoints(pool, scratch, x, filters, sink);
            }
            else
            {
                RunByTiles(pool, scratch, x, filters, sink);
            }
        }
        finally
        {
            _filters.Return(lent);
        }
    }

    private void RunByTiles<TSink>(WorkerPool pool, Scratch scratch, float* x, float* filters, TSink sink) where TSink : struct, ITileSink
    {
        int tiles = _tilesOfImage * _geometry.Out.N;
        pool.Run((tiles + _chunk - 1) / _chunk, (chunk, worker) =>
        {
            float* temp = (float*)scratch.OfWorker[worker];
            float* v = temp + TempFloats;
            float* m = v + InputFloats;
            int first = chunk * _chunk;
            int count = Math.Min(_chunk, tiles - first);
            for (int b = 0; b < _filters.InputBlocks; b++)
            {
                TransformInput(x, v, b, first, count, temp);
            }

            for (int g = 0; g < _filters.Groups; g++)
            {
                for (int p = 0; p < Points; p++)
                {
                    Multiply(v, m, p, 0, count, filters + _filters.Point(g, p), filters + _filters.Point(g, p + 1));
                }

                TransformOutput(m, sink, g, 0, first, count, temp);
            }
        });
    }

    /// <summary>
    /// Cut by points: all threads transform the input of a chunk, then each multiplies some of the points, whose input stays in its cache
    /// while the filters stream past once, then all transform the results.
    /// </summary>
    private void RunByPoints<TSink>(WorkerPool pool, Scratch scratch, float* x, float* filters, TSink sink) where TSink : struct, ITileSink
    {
        int tiles = _tilesOfImage * _geometry.Out.N;
        float* v = (float*)scratch.Shared;
        float* m = v + InputFloats;
        for (int from = 0; from < tiles; from += _chunk)
        {
            (int first, int count) = (from, Math.Min(_chunk, tiles - from));
            pool.Run(_filters.InputBlocks, (b, worker) => TransformInput(x, v, b, first, count, (float*)scratch.OfWorker[worker]));
            pool.Run(Points * WinogradTuning.PartsOfPoint, (task, _) =>
            {
                (int p, int part) = (task / WinogradTuning.PartsOfPoint, task % WinogradTuning.PartsOfPoint);
                int start = _filters.Groups * part / WinogradTuning.PartsOfPoint;
                int end = _filters.Groups * (part + 1) / WinogradTuning.PartsOfPoint;
                for (int g = start; g < end; g++)
                {
                    // A guess: two threads often take turns.
                    long next = g + 1 < end ? _filters.Point(g + 1, p) : _filters.Point(start, p + 1);
                    Multiply(v, m, p, g * TLanes.TileBlocks, count, filters + _filters.Point(g, p), filters + next);
                }
            });
            pool.Run(_filters.Groups, (g, worker) =>
                TransformOutput(m, sink, g, g * TLanes.TileBlocks, first, count, (float*)scratch.OfWorker[worker]));
        }
    }

    private static Size2 Patches(ConvGeometry g)
    {
        int side = WinogradTransform.Outputs(g.Window.Kernel.H);
        (int height, int width) = (side * g.Window.Dilation.H, side * g.Window.Dilation.W);
        return new Size2((g.Out.H + height - 1) / height, (g.Out.W + width - 1) / width);
    }

    /// <summary>Transforms one block of channels of a chunk of tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformInput(float* x, float* v, int block, int first, int count, float* temp)
    {
        Blocked input = _geometry.In;
        float* to = v + _taps[block];
        nint row = _dilation.H * input.Row;
        nint column = (nint)_dilation.W * Blocked.Lanes;
        PatchRun run;
        for (int patch = first / _tilesOfPatch, last = (first + count) / _tilesOfPatch; patch < last; patch += run.Patches)
        {
            run = RunFrom(patch, last, int.MaxValue);
            float* plane = x + run.Image * input.Image + block * input.Plane;
            for (int i = 0; i < run.Patches * _tilesOfPatch; i++, to += Blocked.Lanes)
            {
                (int down, int across) = TileOfRun(i);
                int top = run.Row + down - _geometry.Window.Padding.H;
                int left = run.Column + across - _geometry.Window.Padding.W;
                if (top < 0 || left < 0 || top + Last * _dilation.H >= input.H || left + Last * _dilation.W >= input.W)
                {
                    CopyEdge(plane, top, left, temp);
                    WinogradTransform.Input<TLanes>(temp, WinogradTransform.Inputs * Blocked.Lanes, Blocked.Lanes, to, _inputPoint);
                    continue;
                }

                WinogradTransform.Input<TLanes>(plane + top * input.Row + (nint)left * Blocked.Lanes, row, column, to, _inputPoint);
            }
        }
    }

    /// <summary>A tile that reaches over the image's edge, with zeros outside.</summary>
    private void CopyEdge(float* plane, int top, int left, float* to)
    {
        Blocked input = _geometry.In;
        for (int r = 0, row = top; r < WinogradTransform.Inputs; r++, row += _dilation.H)
        {
            for (int c = 0, column = left; c < WinogradTransform.Inputs; c++, column += _dilation.W, to += Blocked.Lanes)
            {
                bool inside = (uint)row < (uint)input.H && (uint)column < (uint)input.W;
                TLanes.Store(inside ? TLanes.Load(plane + row * input.Row + (nint)column * Blocked.Lanes) : TLanes.Zero, to);
            }
        }
    }

    /// <summary>
    /// The product of one point of a chunk of tiles with the filters of one group of output channels, stored from block <paramref
    /// name="at"/> on. Meanwhile those at <paramref name="next"/> are fetched.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(float* v, float* m, int point, int at, int count, float* filters, float* next)
    {
        float* from = v + point * _inputPoint;
        float* to = m + point * _outputPoint + at * OutputBlock(count);
        int* taps = (int*)Unsafe.AsPointer(ref _taps[0]);
        float* zeros = (float*)Unsafe.AsPointer(ref _zeros[0]);
        int inputBlocks = _taps.Length;
        var cut = TileCut.OfAtMost(TLanes.TilePixels, count);
        FetchAhead ahead = _fetchesAhead ? FetchAhead.Share(next, _filters.PointFloats, inputBlocks * Blocked.Lanes, cut.Tiles) : default;
        for (int part = 0; part < cut.Tiles; part++, ahead = ahead.Next)
        {
            int start = cut.Start(part);
            float* first = to + start * Blocked.Lanes;
            MicroKernels<TLanes, BlockedPixels>.ForRows(cut.Rows(part))(
                from + start * Blocked.Lanes, taps, inputBlocks, Blocked.Lanes, filters, ahead, zeros, first, first + OutputBlock(count),
                Blocked.Lanes);
        }
    }

    /// <summary>Floats of one block of output channels at one point.</summary>
    private static nint OutputBlock(int count) => (nint)count * Blocked.Lanes;

    /// <summary>Transforms the results of one group of output channels back; its products start at block <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformOutput<TSink>(float* m, TSink sink, int group, int at, int first, int count, float* temp) where TSink : struct,
        ITileSink
    {
        int end = Math.Min((group + 1) * TLanes.TileBlocks, _geometry.Out.Blocks);
        for (int block = group * TLanes.TileBlocks; block < end; block++, at++)
        {
            TransformBlock(m + at * OutputBlock(count), sink, block, first, count, temp);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformBlock<TSink>(float* m, TSink sink, int block, int first, int count, float* strip) where TSink : struct, ITileSink
    {
        Blocked output = _geometry.Out;
        nint column = (nint)_dilation.W * Blocked.Lanes;
        nint row = _patchesOfStrip * _side * column;
        float* bias = (float*)Unsafe.AsPointer(ref _bias[block * Blocked.Lanes]);
        PatchRun run;
        for (int patch = first / _tilesOfPatch, last = (first + count) / _tilesOfPatch; patch < last; patch += run.Patches)
        {
            run = RunFrom(patch, last, _patchesOfStrip);
            for (int i = 0; i < run.Patches * _tilesOfPatch; i++, m += Blocked.Lanes)
            {
                (int down, int across) = TileOfRun(i);
                WinogradTransform.Output<TLanes>(m, _outputPoint, _side, strip + down * row + across * Blocked.Lanes, _dilation.H * row,
                    column, bias);
            }

            int rows = Math.Min(_side * _dilation.H, output.H - run.Row);
            int columns = Math.Min(run.Patches * _side * _dilation.W, output.W - run.Column);
            sink.Write(strip, row, rows, columns, run.Image, block, run.Row, run.Column);
        }
    }

    /// <summary>Neighbouring patches of one row, from one on, as many as there are, at most <paramref name="most"/> and none from <paramref
    /// name="last"/> on.</summary>
    private PatchRun RunFrom(int patch, int last, int most)
    {
        (int image, int within) = Math.DivRem(patch, _tilesOfImage / _tilesOfPatch);
        (int row, int column) = Math.DivRem(within, _patchesAcross);
        int patches = Math.Min(Math.Min(last - patch, _patchesAcross - column), most);
        return new PatchRun(image, row * _side * _dilation.H, column * _side * _dilation.W, patches);
    }

    /// <summary>The first output row and column of a run's i-th tile, from the run's own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (int Row, int Column) TileOfRun(int i)
    {
        if (_tilesOfPatch == 1)
        {
            return (0, i * _side);
        }

        (int patch, int phase) = Math.DivRem(i, _tilesOfPatch);
        (int row, int column) = Math.DivRem(phase, _dilation.W);
        return (row, patch * _side * _dilation.W + column);
    }

    /// <summary>Neighbouring patches: their image and the first one's first output row and column.</summary>
    private readonly record struct PatchRun(int Image, int Row, int Column, int Patches);
}
