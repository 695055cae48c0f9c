namespace Interp.Engine.Cpu.Convolution;

/// <summary>A run of pixels, cut into the micro-kernel's tiles: of nearly equal size, the larger ones first.</summary>
internal readonly struct TileCut
{
    private readonly int _each;
    private readonly int _larger;

    /// <param name="count">Number of pixels.</param>
    /// <param name="tiles">Number of tiles; 0 for no pixels.</param>
    public TileCut(int count, int tiles)
    {
        Tiles = tiles;
        _each = count / Math.Max(1, tiles);
        _larger = count - tiles * _each;
    }

    /// <summary>Number of tiles.</summary>
    public int Tiles { get; }

    /// <summary>The fewest tiles of at most <paramref name="most"/> pixels.</summary>
    public static TileCut OfAtMost(int most, int count) => new(count, (count + most - 1) / most);

    /// <summary>First pixel of a tile.</summary>
    public int Start(int tile) => tile * _each + Math.Min(tile, _larger);

    /// <summary>Pixels of a tile.</summary>
    public int Rows(int tile) => _each + (tile < _larger ? 1 : 0);
}
