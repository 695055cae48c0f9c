using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution.Depthwise;

/// <summary>
/// How the pixels of a row that read the same taps are cut into tiles, and which kernel computes them: tiles in the middle without a look at
/// the edges, those that reach beyond the image, and the last one of a ragged row, with one. The last tile then begins early, and computes
/// some pixels twice, to the same bits.
/// </summary>
internal sealed unsafe class DepthwiseTiling
{
    private readonly int[] _columns;
    private readonly int _left;
    private readonly int _stride;
    private readonly int _width;
    private readonly int _pixels; // of a tile
    private readonly int _tiles;
    private readonly int _first; // of the tiles in the middle
    private readonly int _end;
    private readonly int _kernel; // taps of a row that a sliding kernel takes, or 0

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
        _width = width;
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
        Width = _width,
        Pitch = pitch,
        Count = Count,
    };

    /// <summary>Computes a row, in those lanes that a register holds.</summary>
    /// <param name="row">The row.</param>
    /// <param name="lane">The first lane.</param>
    public void Run<TRegister>(DepthwiseRow* row, int lane) where TRegister : unmanaged, IVector<TRegister>
    {
        switch (_kernel, _stride)
        {
            case (1, 1):
                ByOne<TRegister, Rows1>(row, lane);
                break;
            case (2, 1):
                ByOne<TRegister, Rows2>(row, lane);
                break;
            case (3, 1):
                ByOne<TRegister, Rows3>(row, lane);
                break;
            case (4, 1):
                ByOne<TRegister, Rows4>(row, lane);
                break;
            case (5, 1):
                ByOne<TRegister, Rows5>(row, lane);
                break;
            case (7, 1):
                ByOne<TRegister, Rows7>(row, lane);
                break;
            case (3, 2):
                ByTwo<TRegister, Rows3>(row, lane);
                break;
            case (5, 2):
                ByTwo<TRegister, Rows5>(row, lane);
                break;
            case (7, 2):
                ByTwo<TRegister, Rows7>(row, lane);
                break;
            default:
                Run<AnyTiles<TRegister, Inside>, AnyTiles<TRegister, AtEdge>>(row, lane);
                break;
        }
    }

    private void ByOne<TRegister, TWidth>(DepthwiseRow* row, int lane)
        where TRegister : unmanaged, IVector<TRegister>
        where TWidth : struct, ITileRows
    {
        if (_pixels == 7)
        {
            Run<SlideByOne<TRegister, TWidth, Rows7, Inside>, SlideByOne<TRegister, TWidth, Rows7, AtEdge>>(row, lane);
        }
        else
        {
            Run<SlideByOne<TRegister, TWidth, Rows8, Inside>, SlideByOne<TRegister, TWidth, Rows8, AtEdge>>(row, lane);
        }
    }

    private void ByTwo<TRegister, TWidth>(DepthwiseRow* row, int lane)
        where TRegister : unmanaged, IVector<TRegister>
        where TWidth : struct, ITileRows
    {
        if (_pixels == 7)
        {
            Run<SlideByTwo<TRegister, TWidth, Rows7, Inside>, SlideByTwo<TRegister, TWidth, Rows7, AtEdge>>(row, lane);
        }
        else
        {
            Run<SlideByTwo<TRegister, TWidth, Rows8, Inside>, SlideByTwo<TRegister, TWidth, Rows8, AtEdge>>(row, lane);
        }
    }

    private void Run<TInside, TAtEdge>(DepthwiseRow* row, int lane)
        where TInside : struct, ITiles
        where TAtEdge : struct, ITiles
    {
        for (int t = 0; t < _first; t++)
        {
            TAtEdge.Run(row, lane, Start(t), 1);
        }

        if (_end > _first)
        {
            TInside.Run(row, lane, _first * _pixels, _end - _first);
        }

        for (int t = _end; t < _tiles; t++)
        {
            TAtEdge.Run(row, lane, Start(t), 1);
        }
    }

    private int Start(int tile) => Math.Min(tile * _pixels, Math.Max(0, Count - _pixels));
}
