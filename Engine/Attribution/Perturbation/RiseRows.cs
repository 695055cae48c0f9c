using System.Numerics;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>Some rows of a mask, one after the other, each made where the last one was: two rows of cells are enlarged to the image's
/// width, and mixed for each row of pixels between them.</summary>
internal ref struct RiseRows
{
    private readonly RiseMasks _masks;
    private readonly RiseMask _mask;
    private readonly int _end;
    private readonly Span<double> _above, _below;
    private int _low = -1, _high = -1;

    /// <param name="masks">All masks.</param>
    /// <param name="mask">This one.</param>
    /// <param name="from">The first row.</param>
    /// <param name="to">The row behind the last.</param>
    /// <param name="buffer">At least <see cref="BufferOf"/> long.</param>
    internal RiseRows(RiseMasks masks, RiseMask mask, int from, int to, Span<double> buffer)
    {
        (_masks, _mask, Y, _end) = (masks, mask, from - 1, to);
        int width = masks.Width;
        Current = buffer[..width];
        _above = buffer.Slice(width, width);
        _below = buffer.Slice(2 * width, width);
    }

    /// <summary>The row's number.</summary>
    internal int Y { get; private set; }

    /// <summary>Its values, 0 … 1; valid until the next.</summary>
    internal Span<double> Current { get; }

    /// <summary>How much room it takes.</summary>
    internal static int BufferOf(int width) => 3 * width;

    /// <summary>Makes the next row, if there is one.</summary>
    internal bool MoveNext()
    {
        if (++Y >= _end)
        {
            return false;
        }

        (int low, int high, double share) = _masks.Down[_mask.Top + Y];
        if (low != _low)
        {
            Widen(_low = low, _above);
        }

        if (high != _high)
        {
            Widen(_high = high, _below);
        }

        int x = 0;
        for (; x <= Current.Length - Vector<double>.Count; x += Vector<double>.Count)
        {
            var top = new Vector<double>(_above[x..]);
            (top + (share * (new Vector<double>(_below[x..]) - top))).CopyTo(Current[x..]);
        }

        for (; x < Current.Length; x++)
        {
            Current[x] = _above[x] + (share * (_below[x] - _above[x]));
        }

        return true;
    }

    private readonly void Widen(int row, Span<double> wide)
    {
        ReadOnlySpan<double> cells = _mask.Grid.AsSpan(row * _masks.Cells, _masks.Cells);
        ReadOnlySpan<(int Low, int High, double Share)> places = _masks.Across.AsSpan(_mask.Left, wide.Length);
        for (int x = 0; x < wide.Length; x++)
        {
            (int left, int right, double share) = places[x];
            wide[x] = cells[left] + (share * (cells[right] - cells[left]));
        }
    }
}
