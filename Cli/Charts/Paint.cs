namespace Interp.Cli.Charts;

/// <summary>What a mark is painted with.</summary>
/// <param name="Rgb">The colour as 0xRRGGBB.</param>
/// <param name="Opacity">How much it covers, in 0…1.</param>
/// <param name="IsInk">Whether it is the colour of the text, which a page has its own of: light on dark in a dark one.</param>
internal readonly record struct Paint(int Rgb, double Opacity = 1, bool IsInk = false)
{
    /// <summary>Titles, labels, whiskers.</summary>
    public static Paint Ink { get; } = new(0x1C1D1F, 1, true);

    /// <summary>What is less important: axis titles, remarks.</summary>
    public static Paint Soft { get; } = Ink with { Opacity = 0.7 };

    /// <summary>Bars that say nothing: not significant.</summary>
    public static Paint Grey { get; } = Ink with { Opacity = 0.3 };

    /// <summary>Grid lines.</summary>
    public static Paint Faint { get; } = Ink with { Opacity = 0.14 };

    /// <summary>The band of chance.</summary>
    public static Paint Band { get; } = Ink with { Opacity = 0.08 };
}
