namespace Interp.Engine.Attribution.Incremental;

/// <summary>The rows or columns Start … End − 1 of a map.</summary>
internal readonly record struct Extent(int Start, int End)
{
    internal Extent Union(Extent other) => new(Math.Min(Start, other.Start), Math.Max(End, other.End));

    /// <summary>The rows or columns of a layer's output that depend on these of its input.</summary>
    /// <param name="axis">How the layer's window slides.</param>
    /// <param name="outputs">The output's length.</param>
    /// <returns>At least one place: where a stride leaps over all that changed, one of those beside it.</returns>
    internal Extent Through(SlidingAxis axis, int outputs)
    {
        int first = CeilDivide(Start + axis.Padding - axis.Reach, axis.Stride), last = FloorDivide(End - 1 + axis.Padding, axis.Stride);
        int start = Math.Clamp(first, 0, outputs - 1);
        return new Extent(start, Math.Clamp(last + 1, start + 1, outputs));
    }

    internal static int FloorDivide(int a, int b) => a >= 0 ? a / b : -((b - 1 - a) / b);

    internal static int CeilDivide(int a, int b) => -FloorDivide(-a, b);
}

/// <summary>A rectangle of an image.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Columns">Its columns.</param>
internal readonly record struct ImageBox(Extent Rows, Extent Columns);

/// <summary>A window along one axis.</summary>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Step between two outputs.</param>
/// <param name="Padding">Places before the first one.</param>
/// <param name="Dilation">Distance between two taps.</param>
internal readonly record struct SlidingAxis(int Kernel, int Stride, int Padding, int Dilation)
{
    /// <summary>From the first tap to the last.</summary>
    internal int Reach => Dilation * (Kernel - 1);

    /// <summary>Whether the windows lie side by side, none over an edge.</summary>
    internal bool Tiles(int inputs, int outputs) => Padding == 0 && Reach + 1 == Stride && outputs * Stride <= inputs;

    /// <summary>Whether no window reaches over the padded input's end.</summary>
    internal bool Fits(int inputs, int outputs, int end) => (outputs - 1) * Stride - Padding + Reach < inputs + end;
}
