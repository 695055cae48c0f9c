using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution.Depthwise;

/// <summary>One row of results of a depthwise convolution in one block of channels, or those of its pixels that read the same
/// taps.</summary>
internal unsafe struct DepthwiseRow
{
    /// <summary>For each row of taps the input row that it reads: its first pixel, or zeros. Those of the next row of results
    /// follow.</summary>
    public float** Rows;

    /// <summary>The number of rows of taps.</summary>
    public int High;

    /// <summary>The taps of one row.</summary>
    public int Wide;

    /// <summary>The taps' columns counted from the first, for <see cref="AnyTiles{TRegister, TStride, TReach}"/>.</summary>
    public int* Columns;

    /// <summary>Filters <c>[row][column][16]</c>.</summary>
    public float* Filters;

    /// <summary>Sixteen start values.</summary>
    public float* Bias;

    /// <summary>The input column of the first tap of the first pixel; before the image if negative.</summary>
    public int Left;

    /// <summary>Input columns from one pixel to the next.</summary>
    public int Stride;

    /// <summary>Where the first pixel's results go.</summary>
    public float* Y;

    /// <summary>Floats from one pixel's results to the next's.</summary>
    public nint Pitch;

    /// <summary>The number of pixels.</summary>
    public int Count;

    /// <summary>Where the columns of a tile at an edge lie.</summary>
    public EdgeColumn* Edge;
}

/// <summary>Where a column of a tile at an edge lies: (first ∧ mask) + offset, in bytes, for the address of the tile's first column, which
/// outside of the image is the address of zeros. Arithmetic instead of a branch for each column.</summary>
internal readonly unsafe struct EdgeColumn(nint mask, nint offset)
{
    private readonly nint _mask = mask;
    private readonly nint _offset = offset;

    /// <summary>Where it lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Find(float* first) => (float*)(((nint)first & _mask) + _offset);
}

/// <summary>A way to compute neighbouring tiles of a row.</summary>
internal unsafe interface ITiles
{
    /// <summary>Computes tiles that lie side by side.</summary>
    /// <param name="row">The row.</param>
    /// <param name="lane">The first of the lanes that a register holds.</param>
    /// <param name="start">The first tile's first pixel.</param>
    /// <param name="tiles">Number of tiles.</param>
    static abstract void Run(DepthwiseRow* row, int lane, int start, int tiles);
}

/// <summary>Whether a tile may reach beyond the image's edges, or beyond the row's last pixel.</summary>
internal interface IReach
{
    static abstract bool Checks { get; }
}

/// <summary>Tiles whose taps all lie in the image.</summary>
internal readonly struct Inside : IReach
{
    public static bool Checks => false;
}

/// <summary>Tiles for which it is looked up where each column lies; beyond the image are zeros.</summary>
internal readonly struct AtEdge : IReach
{
    public static bool Checks => true;
}

/// <summary>Parts of tiles, dropped by the compiler where a constant says that they are not needed.</summary>
internal static unsafe class Slide
{
    /// <summary>A filter's value in each channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRegister Filter<TRegister>(bool used, float* filter) where TRegister : unmanaged, IVector<TRegister> =>
        used ? TRegister.Load(filter) : default;

    /// <summary>A column of the input, counted from the tile's first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRegister Column<TRegister, TReach>(bool used, float* x, EdgeColumn* edge, int column)
        where TRegister : unmanaged, IVector<TRegister>
        where TReach : struct, IReach =>
        used ? TRegister.Load(TReach.Checks ? edge[column].Find(x) : x + column * Blocked.Lanes) : default;

    /// <summary>Adds a product to a sum, if it is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TRegister>(bool used, ref TRegister sum, TRegister value, TRegister filter)
        where TRegister : unmanaged, IVector<TRegister>
    {
        if (used)
        {
            TRegister.Accumulate(ref sum, value, filter);
        }
    }

    /// <summary>Stores a pixel's sum, if there is such a pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TRegister>(bool used, TRegister sum, float* y) where TRegister : unmanaged, IVector<TRegister>
    {
        if (used)
        {
            TRegister.Store(sum, y);
        }
    }
}
