namespace Interp.Engine.LabelSets.Patterns;

/// <summary>
/// What people call a colour by: of the survey in which 222,500 people named random colours on their screens (R. Munroe, "Color Survey
/// Results", 2010, <c>xkcd.com/color/rgb.txt</c>, CC0) the entries that are one of the 11 basic colour terms of B. Berlin and P. Kay
/// (1969), alone or behind "light", "dark", "pale", "bright", "deep", "dull", "medium", "vivid" or "strong". "Pale grey" is left out: the
/// survey has it at #fdfdfe, which is white.
/// </summary>
internal static class ColorPrototypes
{
    /// <summary>For each name its prototypes as 0xRRGGBB; the first is the term alone.</summary>
    public static (string Name, int[] Prototypes)[] All { get; } =
    [
        ("black", [0x000000]),
        ("blue", [0x0343DF, 0x95D0FC, 0x00035B, 0xD0FEFE, 0x0165FC, 0x040273, 0x49759C, 0x2C6FBB, 0x152EFF, 0x0C06F7]),
        ("brown", [0x653700, 0xAD8150, 0x341C02, 0xB1916E, 0x410200, 0x876E4B, 0x7F5112]),
        ("green", [0x15B01A, 0x96F97B, 0x033500, 0xC7FDB5, 0x01FF07, 0x02590F, 0x74A662, 0x39AD48, 0x2FEF10]),
        ("grey", [0x929591, 0xD8DCD6, 0x363737, 0x7D7F7C]),
        ("orange", [0xF97306, 0xFDAA48, 0xC65102, 0xFFA756, 0xFF5B00, 0xDC4D01, 0xD8863B]),
        ("pink", [0xFF81C0, 0xFFD1DF, 0xCB416B, 0xFFCFDC, 0xFE01B1, 0xCB0162, 0xD5869D, 0xF36196, 0xFF0789]),
        ("purple", [0x7E1E9C, 0xBF77F6, 0x35063E, 0xB790D4, 0xBE03FD, 0x36013F, 0x84597E, 0x9E43A2, 0x9900FA]),
        ("red", [0xE50000, 0xFF474C, 0x840000, 0xD9544D, 0xFF000D, 0x9A0200, 0xBB3F3F]),
        ("white", [0xFFFFFF]),
        ("yellow", [0xFFFF14, 0xFFFE7A, 0xD5B60A, 0xFFFF84, 0xFFFD01, 0xEEDC5B]),
    ];
}
