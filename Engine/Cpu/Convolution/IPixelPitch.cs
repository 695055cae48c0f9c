namespace Interp.Engine.Cpu.Convolution;

/// <summary>Floats from one input pixel of a micro-kernel's tile to the next, as a constant that the compiler sees.</summary>
internal interface IPixelPitch
{
    static abstract int Floats { get; }

    /// <summary>Whether a tap has several channels side by side.</summary>
    static abstract bool HasBlocks { get; }
}

/// <summary>Pixels in blocks of sixteen channels.</summary>
internal readonly struct BlockedPixels : IPixelPitch
{
    public static int Floats => Blocked.Lanes;

    public static bool HasBlocks => true;
}

/// <summary>Pixels of one channel side by side, for inputs with few channels.</summary>
internal readonly struct PlanarPixels : IPixelPitch
{
    public static int Floats => 1;

    public static bool HasBlocks => false;
}
