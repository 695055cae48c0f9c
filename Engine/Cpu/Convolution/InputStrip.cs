using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Copies the input rows that a strip of output rows needs into working memory, with their padding, so that the inner loop needs no bounds checks. Columns are
/// sorted by their remainder modulo the stride: neighbouring output pixels then read neighbouring input pixels whatever the stride.
/// Layout: <c>[input block][row][phase][column][16]</c>, or planar, for inputs with few channels: <c>[channel][row][phase][column]</c>, which leaves the empty lanes
/// of the block behind.
/// </summary>
internal readonly unsafe struct InputStrip
{
    private readonly ConvGeometry _geometry;
    private readonly int _virtualColumns;
    private readonly int _lanes;
    private readonly int _planes;

    public InputStrip(ConvGeometry geometry, bool planar = false)
    {
        _geometry = geometry;
        _lanes = planar ? 1 : Blocked.Lanes;
        _planes = planar ? geometry.In.C : geometry.In.Blocks;
        (_, Blocked output, var window, _) = geometry;
        _virtualColumns = (output.W - 1) * window.Stride.W + (window.Kernel.W - 1) * window.Dilation.W + 1;
        PhaseColumns = (_virtualColumns + window.Stride.W - 1) / window.Stride.W;
    }

    /// <summary>Columns of one phase.</summary>
    public int PhaseColumns { get; }

    /// <summary>Floats of one row.</summary>
    public nint Row => (nint)PhaseColumns * _geometry.Window.Stride.W * _lanes;

    /// <summary>Input rows for a strip of <paramref name="outputRows"/>.</summary>
    public int Rows(int outputRows) => (outputRows - 1) * _geometry.Window.Stride.H + (_geometry.Window.Kernel.H - 1) * _geometry.Window.Dilation.H + 1;

    /// <summary>Floats for a strip of <paramref name="outputRows"/>.</summary>
    public long Floats(int outputRows) => _planes * Rows(outputRows) * (long)Row;

    /// <summary>Where a tap of the first output pixel of a strip of <paramref name="outputRows"/> lies, in floats, in a block or, if planar, a channel.</summary>
    public int Offset(int outputRows, int plane, int ky, int kx)
    {
        int column = kx * _geometry.Window.Dilation.W;
        int stride = _geometry.Window.Stride.W;
        return checked((int)(((long)plane * Rows(outputRows) + ky * _geometry.Window.Dilation.H) * Row
            + ((long)(column % stride) * PhaseColumns + column / stride) * _lanes));
    }

    /// <summary>Fills a strip.</summary>
    /// <param name="image">The first element of one picture.</param>
    /// <param name="strip">Where it goes.</param>
    /// <param name="firstRow">The first output row.</param>
    /// <param name="outputRows">The number of output rows for which the strip is laid out.</param>
    public void Fill(float* image, float* strip, int firstRow, int outputRows)
    {
        Blocked input = _geometry.In;
        int rows = Rows(outputRows);
        int top = firstRow * _geometry.Window.Stride.H - _geometry.Window.Padding.H;
        for (int plane = 0; plane < _planes; plane++)
        {
            for (int r = 0; r < rows; r++, strip += Row)
            {
                int v = top + r;
                if (v < 0 || v >= input.H)
                {
                    NativeMemory.Clear(strip, (nuint)Row * sizeof(float));
                }
                else if (_lanes == 1)
                {
                    FillPlanarRow(image + v * input.Row + plane, strip);
                }
                else
                {
                    FillRow(image + plane * input.Plane + v * input.Row, strip);
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

        NativeMemory.Clear(to, (nuint)Row * sizeof(float));
        for (int column = 0; column < _virtualColumns; column++)
        {
            int v = left + column;
            if (v >= 0 && v < _geometry.In.W)
            {
                NativeMemory.Copy(from + (nint)v * Blocked.Lanes, to + (column % stride * PhaseColumns + column / stride) * Blocked.Lanes, 64);
            }
        }
    }

    /// <summary>One row of one channel of the first block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillPlanarRow(float* from, float* to)
    {
        int stride = _geometry.Window.Stride.W;
        NativeMemory.Clear(to, (nuint)Row * sizeof(float));
        for (int phase = 0; phase < stride; phase++)
        {
            int left = phase - _geometry.Window.Padding.W;
            int end = Math.Min((_virtualColumns - phase + stride - 1) / stride, (_geometry.In.W - left + stride - 1) / stride);
            float* row = to + phase * PhaseColumns;
            for (int j = Math.Max(0, (stride - 1 - left) / stride); j < end; j++)
            {
                row[j] = from[(nint)(left + j * stride) * Blocked.Lanes];
            }
        }
    }
}
