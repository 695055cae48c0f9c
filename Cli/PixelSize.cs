namespace Interp.Cli;

/// <summary>Height and width in pixels, as options name them.</summary>
internal readonly record struct PixelSize(int Height, int Width)
{
    /// <summary>The width where it is another than the height.</summary>
    internal int? OtherWidth => Width == Height ? null : Width;

    /// <summary><c>224x224</c>.</summary>
    internal static string Words(int height, int width) => $"{height}x{width}";

    /// <summary><c>64</c> of a square, else <c>33x30</c>.</summary>
    public override string ToString() => Height == Width ? $"{Height}" : Words(Height, Width);
}
