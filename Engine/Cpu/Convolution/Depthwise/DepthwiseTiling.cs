using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution.Depthwise;

/// <summary>
/// How the pixels of a row that read the same taps are cut into tiles, and which kernel computes them: tiles in the middle without a look
/// at
/// the edges, those that reach beyond the image, and the last one of a ragged row, with one. The last tile then begins early, and computes
/// some pixels twice, to the same bits.
/// </summary>
internal sealed unsafe class DepthwiseTiling
{
    private static readonly float* s_zeros = Zeros();

    private readonly int[] _columns;
    private readonly int _left;
    private readonly int _stride;
    private readonly int _pixels; // of a tile
    private readonly int _tiles;
    private readonly int _first; // of the tiles in the middle
    private readonly int _end;
    private readonly int _kernel; // taps of a row that a sliding kernel takes, or 0
    private readonly int _span; // columns that a tile looks up
    private readonly EdgeColumn[] _edges; // of each tile that is not in the middle

    /// <param name="columns">The input column of each of the first pixel's taps, ascending.</param>
    /// <param name="stride">Input columns from one pixel to the next.</param>
    /// <param name="width">Columns of the input.</param>
    /// <param name="count">Number of pixels.</param>
    public DepthwiseTiling(int[] columns, int stride, int width, int count)
    {
        _left = columns.Length > 0 ? columns[0] : 0;
        _columns = GC.AllocateArray<int>(Math.Max(1, columns.Length), pinned: true);
        for (int i = 0; i < columns.Length; i++)
        {
            _columns[i] = columns[i] - _left;
        }

        Taps = columns.Length;
        Count = count;
        _stride = stride;
        bool slides = Taps > 0 && columns[^1] - _left == Taps - 1;
        _kernel = slides && (stride == 1 ? Taps is <= 5 or 7 : stride == 2 && Taps is 3 or 5 or 7) ? Taps : 0;
        _pixels = _kernel > 0 && count % 7 == 0 && count % 8 != 0 ? 7 : 8;
        _tiles = (count + _pixels - 1) / _pixels;
        while (_first < count / _pixels && _left + _first * _pixels * stride < 0)
        {
            _first++;
        }

        int reach = (_pixels - 1) * stride + (Taps > 0 ? columns[^1] : 0);
        _end = _first;
        while (_end < count / _pixels && _end * _pixels * stride + reach < width)
        {
            _end++;
        }

        int[] reads = [.. _kernel > 0 ? Enumerable.Range(0, reach - columns[^1] + Taps)
            : _columns[..Taps].SelectMany(c => Enumerable.Range(0, _pixels).Select(i => i * stride + c))];
        _span = reads.Length;
        int[] starts = [.. Enumerable.Range(0, _tiles).Where(t => t < _first || t >= _end).Select(Start)];
        EdgeColumn[] edges = [.. starts.SelectMany(start => reads.Select(column =>
            _left + start * stride + column >= 0 && _left + start * stride + column < width
                ? new EdgeColumn(-1, column * Blocked.Lanes * sizeof(float))
                : new EdgeColumn(0, (nint)s_zeros)))];
        _edges = GC.AllocateArray<EdgeColumn>(edges.Length + 1, pinned: true);
        edges.CopyTo(_edges, 0);
    }

    /// <summary>Taps in a row.</summary>
    public int Taps { get; }

    /// <summary>The number of pixels.</summary>
    public int Count { get; }

    /// <summary>A row, but for what differs from row to row.</summary>
    public DepthwiseRow Row(float** rows, nint pitch) => new()
    {
        Rows = rows,
        Wide = Taps,
        Columns = (int*)Unsafe.AsPointer(ref _columns[0]),
        Left = _left,
        Stride = _stride,
        Pitch = pitch,
        Count = Count,
    };

    /// <summary>Computes rows, in those lanes that a register holds.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="lane">The first lane.</param>
    /// <param name="rows">How many.</param>
    /// <param name="step">Floats from one row of results to the next.</param>
    public void Run<TRegister>(DepthwiseRow* row, int lane, int rows, nint step) where TRegister : unmanaged, IVector<TRegister>
    {
        switch (_kernel, _stride)
        {
            case (1, 1):
                ByOne<TRegister, Rows1>(row, lane, rows, step);
                break;
            case (2, 1):
                ByOne<TRegister, Rows2>(row, lane, rows, step);
                break;
            case (3, 1):
                ByOne<TRegister, Rows3>(row, lane, rows, step);
                break;
            case (4, 1):
                ByOne<TRegister, Rows4>(row, lane, rows, step);
                break;
            case (5, 1):
                ByOne<TRegister, Rows5>(row, lane, rows, step);
                break;
            case (7, 1):
                ByOne<TRegister, Rows7>(row, lane, rows, step);
                break;
            case (3, 2):
                ByTwo<TRegister, Rows3>(row, lane, rows, step);
                break;
            case (5, 2):
                ByTwo<TRegister, Rows5>(row, lane, rows, step);
                break;
            case (7, 2):
                ByTwo<TRegister, Rows7>(row, lane, rows, step);
                break;
            case (0, 1):
                Run<AnyTiles<TRegister, StrideOfOne, Inside>, AnyTiles<TRegister, StrideOfOne, AtEdge>>(row, lane, rows, step);
                break;
            default:
                Run<AnyTiles<TRegister, AnyStride, Inside>, AnyTiles<TRegister, AnyStride, AtEdge>>(row, lane, rows, step);
                break;
        }
    }

    private void ByOne<TRegister, TWidth>(DepthwiseRow* row, int lane, int rows, nint step)
        where TRegister : unmanaged, IVector<TRegister>
        where TWidth : struct, ITileRows
    {
        if (_pixels == 7)
        {
            Run<SlideByOne<TRegister, TWidth, Rows7, Inside>, SlideByOne<TRegister, TWidth, Rows7, AtEdge>>(row, lane, rows, step);
        }
        else
        {
            Run<SlideByOne<TRegister, TWidth, Rows8, Inside>, SlideByOne<TRegister, TWidth, Rows8, AtEdge>>(row, lane, rows, step);
        }
    }

    private void ByTwo<TRegister, TWidth>(DepthwiseRow* row, int lane, int rows, nint step)
        where TRegister : unmanaged, IVector<TRegister>
        where TWidth : struct, ITileRows
    {
        if (_pixels == 7)
        {
            Run<SlideByTwo<TRegister, TWidth, Rows7, Inside>, SlideByTwo<TRegister, TWidth, Rows7, AtEdge>>(row, lane, rows, step);
        }
        else
        {
            Run<SlideByTwo<TRegister, TWidth, Rows8, Inside>, SlideByTwo<TRegister, TWidth, Rows8, AtEdge>>(row, lane, rows, step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<TInside, TAtEdge>(DepthwiseRow* row, int lane, int rows, nint step)
        where TInside : struct, ITiles
        where TAtEdge : struct, ITiles
    {
        DepthwiseRow at = *row;
        EdgeColumn* edges = (EdgeColumn*)Unsafe.AsPointer(ref _edges[0]);
        for (int r = 0; r < rows; r++, at.Rows += at.High, at.Y += step)
        {
            at.Edge = edges;
            for (int t = 0; t < _first; t++, at.Edge += _span)
            {
                TAtEdge.Run(&at, lane, Start(t), 1);
            }

            if (_end > _first)
            {
                TInside.Run(&at, lane, _first * _pixels, _end - _first);
            }

            for (int t = _end; t < _tiles; t++, at.Edge += _span)
            {
                TAtEdge.Run(&at, lane, Start(t), 1);
            }
        }
    }

    private int Start(int tile) => Math.Min(tile * _pixels, Math.Max(0, Count - _pixels));

    /// <summary>Zeros that stay where they are.</summary>
    private static float* Zeros() => (float*)NativeMemory.AllocZeroed(2 * Blocked.Lanes, sizeof(float));
}
