namespace Interp.Engine.Imaging;

/// <summary>How <c>color.png</c> maps values to colours.</summary>
public enum ColorScale
{
    /// <summary>0.5 + g / (2·max|g|): zero is mid-grey.</summary>
    Symmetric,

    /// <summary>(g − min) / (max − min): the full range of colours, grey drifts away from zero.</summary>
    MinMax,
}

/// <summary>Options of the images.</summary>
public sealed record ImageOptions
{
    /// <summary>Colour map of <c>overlay.png</c> (and of the heat map of map methods).</summary>
    public string Colormap { get; init; } = "jet";

    /// <summary>Share of the colours in <c>overlay.png</c>, 0 to 1.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>The scale of <c>color.png</c>.</summary>
    public ColorScale ColorScale { get; init; } = ColorScale.Symmetric;

    /// <summary>
    /// Name of the heat map's clipping (<see cref="HeatmapClip"/>), or null for the usual one: <c>99</c> for attributions with colour
    /// channels, <c>none</c> for maps.
    /// </summary>
    public string? Clip { get; init; }

    /// <summary>
    /// Name of the heat map's channel reduction (<see cref="ChannelReduction"/>), or null for the kind's own: <c>max-abs</c> for
    /// sensitivities, <c>sum</c> for
    /// contributions. Maps of one channel are taken as they are.
    /// </summary>
    public string? Reduction { get; init; }
}
