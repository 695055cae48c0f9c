namespace Interp.Engine.Attribution.Incremental;

/// <summary>Along one axis of a node's map: what of it is computed anew for each of some changes, one length for all.</summary>
/// <param name="Length">Rows or columns.</param>
/// <param name="Starts">The first one for each change; what lies beyond the map's edges means nothing.</param>
internal sealed record AxisPatch(int Length, int[] Starts)
{
    /// <summary>All of a map.</summary>
    internal static AxisPatch Whole(int length, int changes) => new(length, new int[changes]);

    /// <summary>The shortest that holds an extent for each change, starting and ending at multiples of a number.</summary>
    internal static AxisPatch Around(Extent[] changed, int align, int map)
    {
        int length = changed.Max(c => (Extent.CeilDivide(c.End - (c.Start / align * align), align)) * align);
        if (length >= map)
        {
            return Whole(map, changed.Length);
        }

        // Towards the map's middle, where there is something to compute, as far as the last window allows.
        int last = Extent.CeilDivide(map - length, align) * align;
        return new AxisPatch(length, [.. changed.Select(c => Math.Min(c.Start / align * align, last))]);
    }

    internal bool IsWhole(int map) => Length == map && Array.TrueForAll(Starts, s => s == 0);

    internal bool Same(AxisPatch other) => Length == other.Length && Starts.AsSpan().SequenceEqual(other.Starts);

    internal bool Covers(Extent[] changed)
    {
        for (int i = 0; i < changed.Length; i++)
        {
            if (changed[i].Start < Starts[i] || changed[i].End > Starts[i] + Length)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What windows read to compute this.</summary>
    internal AxisPatch Read(SlidingAxis axis) => new(
        ((Length - 1) * axis.Stride) + axis.Reach + 1, [.. Starts.Select(s => (s * axis.Stride) - axis.Padding)]);

    /// <summary>What windows that lie side by side make of this; null where a window would be cut.</summary>
    internal AxisPatch? Tiled(SlidingAxis axis, int inputs, int outputs) => IsWhole(inputs) ? Whole(outputs, Starts.Length)
        : Length % axis.Stride == 0 && Array.TrueForAll(Starts, s => s % axis.Stride == 0)
        ? new AxisPatch(Length / axis.Stride, [.. Starts.Select(s => s / axis.Stride)])
        : null;
}

/// <summary>A rectangle of a node's map for each change.</summary>
/// <param name="Rows">Along the height.</param>
/// <param name="Columns">Along the width.</param>
internal sealed record Patch(AxisPatch Rows, AxisPatch Columns)
{
    internal bool Same(Patch other) => Rows.Same(other.Rows) && Columns.Same(other.Columns);

    internal bool Covers(AxisExtents rows, AxisExtents columns, int node) =>
        Rows.Covers(rows.Of(node)) && Columns.Covers(columns.Of(node));
}
