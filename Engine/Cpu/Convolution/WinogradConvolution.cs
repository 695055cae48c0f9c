using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3): transform the input's tiles, 36 matrix products over the channels, transform the results back. The tiles of
/// all pictures are numbered through and worked on in chunks whose transformed input stays in cache, so that time per picture does not grow with the batch.
/// </summary>
/// <remarks>
/// A layer with small filters is cut by tiles: each thread takes a chunk through all three stages, with the filters in its own cache. A layer whose filters
/// are large is cut by points: the threads transform a chunk together, then each multiplies some of the 36 points, whose input stays in its cache while the
/// filters stream past once, then they transform the results together. Which way, and the chunks, follow from the sizes alone.
/// </remarks>
internal sealed unsafe class WinogradConvolution<TLanes> : ConvAlgorithm where TLanes : unmanaged, ILanes<TLanes>
{
    private const int Points = WinogradTransform.Points;

    private readonly ConvGeometry _geometry;
    private readonly WinogradFilters _filters;
    private readonly float[] _bias;
    private readonly float[] _zeros = GC.AllocateArray<float>(2 * Blocked.Lanes, pinned: true);
    private readonly int[] _taps;
    private readonly int _tilesAcross;
    private readonly int _tilesOfImage;
    private readonly int _chunk;
    private readonly bool _byPoints;
    private readonly nint _inputPoint;
    private readonly nint _outputPoint;

    public WinogradConvolution(ConvGeometry geometry, WinogradFilters filters, ReadOnlySpan<float> bias)
    {
        _geometry = geometry;
        _filters = filters;
        _tilesAcross = TilesAlong(geometry.Out.W);
        _tilesOfImage = _tilesAcross * TilesAlong(geometry.Out.H);
        int tiles = _tilesOfImage * geometry.Out.N;
        _byPoints = WinogradTuning.ByPoints(tiles, filters.Bytes);
        _chunk = WinogradTuning.Chunk(tiles, filters.Bytes, filters.InputBlocks);
        _inputPoint = (nint)filters.InputBlocks * _chunk * Blocked.Lanes + Blocked.Lanes; // The odd vector keeps points from sharing cache sets.
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

    private static long TempFloats => 2L * Points * Blocked.Lanes;

    /// <inheritdoc/>
    public override long ScratchBytes => (TempFloats + (_byPoints ? 0 : InputFloats + OutputFloats)) * sizeof(float);

    /// <inheritdoc/>
    public override long SharedBytes => _byPoints ? (InputFloats + OutputFloats) * sizeof(float) : 0;

    /// <summary>Whether the geometry is one that this algorithm computes.</summary>
    public static bool CanRun(ConvGeometry g, int groups) => groups == 1 && g.Window.Kernel == Layers.Size2.Square(3)
        && g.Window.Stride == Layers.Size2.Square(1) && g.Window.Dilation == Layers.Size2.Square(1) && g.Spread == Layers.Size2.Square(1);

    /// <inheritdoc/>
    public override void Prepare(WorkerPool pool) => _filters.Prepare(pool);

    /// <inheritdoc/>
    public override void Run<TSink>(WorkerPool pool, Scratch scratch, float* x, TSink sink)
    {
        int tiles = _tilesOfImage * _geometry.Out.N;
        int chunks = (tiles + _chunk - 1) / _chunk;
        if (_byPoints)
        {
            float* shared = (float*)scratch.Shared;
            for (int first = 0; first < tiles; first += _chunk)
            {
                RunByPoints(pool, scratch, x, shared, sink, first, Math.Min(_chunk, tiles - first));
            }

            return;
        }

        pool.Run(chunks, (chunk, worker) =>
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
                    Multiply(v, m, p, g, 0, count);
                }

                TransformOutput(m, sink, g, 0, first, count, temp);
            }
        });
    }

    /// <summary>
    /// One chunk, cut by points: all threads transform the input, then each multiplies some of the points, whose input stays in its cache while the filters stream
    /// past once, then all transform the results.
    /// </summary>
    private void RunByPoints<TSink>(WorkerPool pool, Scratch scratch, float* x, float* v, TSink sink, int first, int count) where TSink : struct, ITileSink
    {
        float* m = v + InputFloats;
        pool.Run(_filters.InputBlocks, (b, worker) => TransformInput(x, v, b, first, count, (float*)scratch.OfWorker[worker]));
        pool.Run(Points * WinogradTuning.PartsOfPoint, (task, _) =>
        {
            (int p, int part) = (task / WinogradTuning.PartsOfPoint, task % WinogradTuning.PartsOfPoint);
            int end = _filters.Groups * (part + 1) / WinogradTuning.PartsOfPoint;
            for (int g = _filters.Groups * part / WinogradTuning.PartsOfPoint; g < end; g++)
            {
                Multiply(v, m, p, g, g * TLanes.TileBlocks, count);
            }
        });
        pool.Run(_filters.Groups, (g, worker) => TransformOutput(m, sink, g, g * TLanes.TileBlocks, first, count, (float*)scratch.OfWorker[worker]));
    }

    private static int TilesAlong(int size) => (size + WinogradTransform.Outputs - 1) / WinogradTransform.Outputs;

    /// <summary>Transforms one block of channels of a chunk of tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformInput(float* x, float* v, int block, int first, int count, float* temp)
    {
        Blocked input = _geometry.In;
        float* edge = temp + Points * Blocked.Lanes;
        float* to = v + _taps[block];
        for (int t = first; t < first + count; t++, to += Blocked.Lanes)
        {
            (int image, int row, int column) = Place(t);
            int top = row - _geometry.Window.Padding.H;
            int left = column - _geometry.Window.Padding.W;
            float* plane = x + image * input.Image + block * input.Plane;
            float* from = plane + top * input.Row + (nint)left * Blocked.Lanes;
            nint step = input.Row;
            if (top < 0 || left < 0 || top + WinogradTransform.Inputs > input.H || left + WinogradTransform.Inputs > input.W)
            {
                CopyEdge(plane, top, left, edge);
                from = edge;
                step = WinogradTransform.Inputs * Blocked.Lanes;
            }

            WinogradTransform.Input<TLanes>(from, step, to, _inputPoint, temp);
        }
    }

    /// <summary>A tile that reaches over the picture's edge, with zeros outside.</summary>
    private void CopyEdge(float* plane, int top, int left, float* to)
    {
        Blocked input = _geometry.In;
        int from = Math.Clamp(-left, 0, WinogradTransform.Inputs);
        int end = Math.Clamp(input.W - left, from, WinogradTransform.Inputs);
        NativeMemory.Clear(to, Points * Blocked.Lanes * sizeof(float));
        for (int r = 0; r < WinogradTransform.Inputs; r++)
        {
            if (top + r >= 0 && top + r < input.H)
            {
                NativeMemory.Copy(plane + (top + r) * input.Row + (nint)(left + from) * Blocked.Lanes,
                    to + (r * WinogradTransform.Inputs + from) * Blocked.Lanes, (nuint)(end - from) * 64);
            }
        }
    }

    /// <summary>The product of one point of a chunk of tiles with one group of output channels, stored from block <paramref name="at"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(float* v, float* m, int point, int group, int at, int count)
    {
        float* from = v + point * _inputPoint;
        float* to = m + point * _outputPoint + at * OutputBlock(count);
        float* filters = _filters.Start(group) + point * _filters.PointFloats;
        int* taps = (int*)Unsafe.AsPointer(ref _taps[0]);
        float* zeros = (float*)Unsafe.AsPointer(ref _zeros[0]);
        int parts = MicroKernels<TLanes, BlockedPixels>.TileCount(count);
        for (int part = 0; part < parts; part++)
        {
            int start = MicroKernels<TLanes, BlockedPixels>.TileStart(part, parts, count);
            int rows = MicroKernels<TLanes, BlockedPixels>.TileStart(part + 1, parts, count) - start;
            float* first = to + start * Blocked.Lanes;
            MicroKernels<TLanes, BlockedPixels>.ForRows(rows)(from + start * Blocked.Lanes, taps, _filters.InputBlocks, Blocked.Lanes, filters, zeros, first, first + OutputBlock(count));
        }
    }

    /// <summary>Floats of one block of output channels at one point.</summary>
    private static nint OutputBlock(int count) => (nint)count * Blocked.Lanes;

    /// <summary>Transforms the results of one group of output channels back; its products start at block <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformOutput<TSink>(float* m, TSink sink, int group, int at, int first, int count, float* temp) where TSink : struct, ITileSink
    {
        int end = Math.Min((group + 1) * TLanes.TileBlocks, _geometry.Out.Blocks);
        for (int block = group * TLanes.TileBlocks; block < end; block++, at++)
        {
            TransformBlock(m + at * OutputBlock(count), sink, block, first, count, temp);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformBlock<TSink>(float* m, TSink sink, int block, int first, int count, float* temp) where TSink : struct, ITileSink
    {
        const int side = WinogradTransform.Outputs;
        Blocked output = _geometry.Out;
        float* tile = temp + Points * Blocked.Lanes;
        TLanes bias = TLanes.Load((float*)Unsafe.AsPointer(ref _bias[block * Blocked.Lanes]));
        for (int t = first; t < first + count; t++, m += Blocked.Lanes)
        {
            WinogradTransform.Output(m, _outputPoint, tile, temp, bias);
            (int image, int row, int column) = Place(t);
            int rows = Math.Min(side, output.H - row);
            int columns = Math.Min(side, output.W - column);
            sink.Write(tile, side * Blocked.Lanes, rows, columns, image, block, row, column);
        }
    }

    /// <summary>The picture of a tile and its first output row and column.</summary>
    private (int Image, int Row, int Column) Place(int tile)
    {
        int within = tile % _tilesOfImage;
        return (tile / _tilesOfImage, within / _tilesAcross * WinogradTransform.Outputs, within % _tilesAcross * WinogradTransform.Outputs);
    }
}
