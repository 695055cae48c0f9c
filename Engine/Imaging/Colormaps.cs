using Interp.Engine.Common;

namespace Interp.Engine.Imaging;

/// <summary>The colour maps. Viridis and inferno stand for matplotlib's tables by anchors that meet every entry within 1/255.</summary>
public static class Colormaps
{
    /// <summary>
    /// Dark blue, cyan, yellow, dark red, as MATLAB and OpenCV define it: red 1.5−|4v−3|, green 1.5−|4v−2|, blue 1.5−|4v−1|, each clamped
    /// to 0…1.
    /// </summary>
    public static Colormap Jet { get; } = new("jet",
        (0, 0x000080), (31.875, 0x0000FF), (95.625, 0x00FFFF), (159.375, 0xFFFF00), (223.125, 0xFF0000), (255, 0x800000));

    /// <summary>Purple to yellow with evenly growing lightness. S. van der Walt, N. Smith (2015), CC0.</summary>
    public static Colormap Viridis { get; } = new("viridis",
        (0, 0x440154), (20, 0x481D6F), (35, 0x46307E), (59, 0x3D4D8A), (93, 0x2D708E), (132, 0x1F948C), (147, 0x1FA287), (162, 0x2AB07F),
        (179, 0x44BF70), (198, 0x6CCD5A), (223, 0xAADC32), (237, 0xD0E11C), (244, 0xE2E418), (253, 0xF8E621), (255, 0xFDE725));

    /// <summary>Black through red to pale yellow with evenly growing lightness. S. van der Walt, N. Smith (2015), CC0.</summary>
    public static Colormap Inferno { get; } = new("inferno",
        (0, 0x000004), (7, 0x030210), (22, 0x120A32), (35, 0x260C51), (45, 0x380962), (58, 0x4D0D6C), (82, 0x741A6E), (106, 0x9A2865),
        (128, 0xBC3754), (151, 0xDA4E3C), (172, 0xEF6C23), (194, 0xFA9207), (201, 0xFC9F07), (210, 0xFCB014), (225, 0xF8CD37),
        (237, 0xF3E55D), (244, 0xF1F179), (251, 0xF6FA96), (255, 0xFCFFA4));

    /// <summary>Black, red, yellow, white, in three equal steps.</summary>
    public static Colormap Hot { get; } = new("hot", (0, 0x000000), (85, 0xFF0000), (170, 0xFFFF00), (255, 0xFFFFFF));

    /// <summary>Black to white.</summary>
    public static Colormap Grey { get; } = new("grey", (0, 0x000000), (255, 0xFFFFFF));

    /// <summary>Blue, white, red: for signed values with zero in the middle.</summary>
    public static Colormap BlueWhiteRed { get; } = new("bwr", (0, 0x0000FF), (127.5, 0xFFFFFF), (255, 0xFF0000));

    /// <summary>All maps by name.</summary>
    public static Catalog<Colormap> All { get; } = new("colour map", m => m.Name, Jet, Viridis, Inferno, Hot, Grey, BlueWhiteRed);
}
