using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Copies the input rows that a strip of output rows needs into working memory, with their padding, so that the inner loop needs no bounds
/// checks. Columns are
/// sorted by their remainder modulo the stride: neighbouring output pixels then read neighbouring input pixels whatever the stride. Where a
/// filter has one row or column, only the rows or columns that it reads are copied.
/// Layout: <c>[input block][row][phase][column][16]</c>, or planar, for inputs with few channels: <c>[channel][row][phase][column]</c>,
/// which leaves the empty lanes
/// of the block behind.
/// </summary>
internal readonly unsafe struct InputStrip
{
    /// <summary>How many pixels ahead of their use they are fetched.</summary>
    private const int Ahead = 64;

    private readonly ConvGeometry _geometry;
    private readonly int _virtualColumns;
    private readonly int _lanes;
    private readonly int _planes;
    private readonly int _phases; // of columns
    private readonly int _rowsApart; // from one copied row to the next

    public InputStrip(ConvGeometry geometry, bool planar = false)
    {
        _geometry = geometry;
        _lanes = planar ? 1 : Blocked.Lanes;
        _planes = planar ? geometry.In.C : geometry.In.Blocks;
        (_, Blocked output, var window, _) = geometry;
        _virtualColumns = (output.W - 1) * window.Stride.W + (window.Kernel.W - 1) * window.Dilation.W + 1;
        PhaseColumns = (_virtualColumns + window.Stride.W - 1) / window.Stride.W;
        _phases = window.Kernel.W == 1 ? 1 : window.Stride.W;
        _rowsApart = window.Kernel.H == 1 ? window.Stride.H : 1;
    }

    /// <summary>Columns of one phase.</summary>
    public int PhaseColumns { get; }

    /// <summary>Floats of one row.</summary>
    public nint Row => (nint)PhaseColumns * _phases * _lanes;

    /// <summary>Rows from that of one output row to that of the next.</summary>
    public int RowStep => _geometry.Window.Stride.H / _rowsApart;

    /// <summary>Input rows for a strip of <paramref name="outputRows"/>.</summary>
    public int Rows(int outputRows) =>
        (outputRows - 1) * RowStep + (_geometry.Window.Kernel.H - 1) * _geometry.Window.Dilation.H + 1;

    /// <summary>Floats for a strip of <paramref name="outputRows"/>.</summary>
    public long Floats(int outputRows) => _planes * Rows(outputRows) * (long)Row;

    /// <summary>Where a tap of the first output pixel of a strip of <paramref name="outputRows"/> lies, in floats, in a block or, if
    /// planar, a channel.</summary>
    public int Offset(int outputRows, int plane, int ky, int kx)
    {
        int column = kx * _geometry.Window.Dilation.W;
        int stride = _geometry.Window.Stride.W;
        return checked((int)(((long)plane * Rows(outputRows) + ky * _geometry.Window.Dilation.H) * Row
            + ((long)(column % stride) * PhaseColumns + column / stride) * _lanes));
    }

    /// <summary>Fills a strip.</summary>
    /// <param name="image">The first element of one image.</param>
    /// <param name="strip">Where it goes.</param>
    /// <param name="firstRow">The first output row.</param>
    /// <param name="outputRows">The number of output rows for which the strip is laid out.</param>
    /// <param name="dense">Whether the image lies in the order <c>[C,H,W]</c>; only if the strip is planar.</param>
    public void Fill(float* image, float* strip, int firstRow, int outputRows, bool dense = false)
    {
        Blocked input = _geometry.In;
        int rows = Rows(outputRows);
        int top = firstRow * _geometry.Window.Stride.H - _geometry.Window.Padding.H;
        if (_lanes == 1)
        {
            FillPlanes(image, strip, top, rows, dense);
            return;
        }

        for (int block = 0; block < input.Blocks; block++)
        {
            for (int r = 0; r < rows; r++, strip += Row)
            {
                int v = top + r * _rowsApart;
                if (v < 0 || v >= input.H)
                {
                    NativeMemory.Clear(strip, (nuint)Row * sizeof(float));
                }
                else
                {
                    FillRow(image + block * input.Plane + v * input.Row, strip);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillRow(float* from, float* to)
    {
        int left = -_geometry.Window.Padding.W;
        int stride = _geometry.Window.Stride.W;
        if (stride == 1)
        {
            int before = Math.Clamp(-left, 0, _virtualColumns);
            int start = Math.Max(left, 0);
            int copied = Math.Clamp(_geometry.In.W - start, 0, _virtualColumns - before);
            NativeMemory.Clear(to, (nuint)before * 64);
            NativeMemory.Copy(from + (nint)start * Blocked.Lanes, to + before * Blocked.Lanes, (nuint)copied * 64);
            NativeMemory.Clear(to + (before + copied) * Blocked.Lanes, (nuint)(_virtualColumns - before - copied) * 64);
            return;
        }

        for (int phase = 0; phase < _phases; phase++, to += PhaseColumns * Blocked.Lanes)
        {
            (int start, int end) = Inside(phase);
            NativeMemory.Clear(to, (nuint)start * 64);
            float* pixel = from + (nint)(left + phase + start * stride) * Blocked.Lanes;
            for (int j = start; j < end; j++, pixel += stride * Blocked.Lanes)
            {
                Vector512.Load(pixel).Store(to + j * Blocked.Lanes);
            }

            NativeMemory.Clear(to + end * Blocked.Lanes, (nuint)(PhaseColumns - end) * 64);
        }
    }

    /// <summary>The first of a phase's columns that lie in the image, and one past the last.</summary>
    private (int Start, int End) Inside(int phase)
    {
        int stride = _geometry.Window.Stride.W;
        int left = phase - _geometry.Window.Padding.W;
        int end = Math.Min((_virtualColumns - phase + stride - 1) / stride, (_geometry.In.W - left + stride - 1) / stride);
        int start = Math.Max(0, (stride - 1 - left) / stride);
        return (Math.Min(start, PhaseColumns), Math.Max(end, Math.Min(start, PhaseColumns)));
    }

    /// <summary>All channels, which are those of the first block, row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillPlanes(float* image, float* strip, int top, int rows, bool dense)
    {
        Blocked input = _geometry.In;
        int stride = _geometry.Window.Stride.W;
        nint plane = rows * Row;
        NativeMemory.Clear(strip, (nuint)(_planes * plane) * sizeof(float));
        for (int r = 0; r < rows; r++)
        {
            nint row = top + r * _rowsApart;
            for (int phase = 0; phase < _phases && row >= 0 && row < input.H; phase++)
            {
                float* to = strip + r * Row + phase * PhaseColumns;
                (int start, int end) = Inside(phase);
                nint left = phase - _geometry.Window.Padding.W + start * stride;
                if (dense)
                {
                    for (int c = 0; c < _planes; c++)
                    {
                        Gather(image + ((c * (nint)input.H) + row) * input.W + left, stride, to + c * plane + start, end - start);
                    }
                }
                else
                {
                    Scatter(image + row * input.Row + left * Blocked.Lanes, stride * Blocked.Lanes, to + start, plane, end - start,
                        _planes);
                }
            }
        }
    }

    /// <summary>A run of values of one channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(float* from, nint step, float* to, int count)
    {
        if (step == 1)
        {
            NativeMemory.Copy(from, to, (nuint)Math.Max(0, count) * sizeof(float));
            return;
        }

        for (int j = 0; j < count; j++, from += step)
        {
            to[j] = *from;
        }
    }

    /// <summary>A run of pixels to the planes. Only a part of each pixel's cache line is used, so what takes time is to fetch it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(float* pixel, nint step, float* to, nint plane, int count, int channels)
    {
        for (int j = 0; j < count; j++, pixel += step, to++)
        {
            Prefetch.Line(pixel + Ahead * Blocked.Lanes);
            float* t = to;
            for (int c = 0; c < channels; c++, t += plane)
            {
                *t = pixel[c];
            }
        }
    }
}
