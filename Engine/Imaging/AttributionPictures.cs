namespace Interp.Engine.Imaging;

/// <summary>Options of the pictures.</summary>
public sealed record PictureOptions
{
    /// <summary>Colour map of <c>overlay.png</c> (and of the heat map of map methods).</summary>
    public string Colormap { get; init; } = "jet";

    /// <summary>Share of the colours in <c>overlay.png</c>.</summary>
    public double Alpha { get; init; } = 0.5;
}

/// <summary>Turns raw attributions into pictures.</summary>
public static class AttributionPictures
{
    /// <summary>The pictures of a gradient attribution <c>[3,H,W]</c>: color, positive, negative, heatmap, overlay; and remarks such as "no negative values".</summary>
    public static (IReadOnlyList<(string Name, RgbImage Image)> Pictures, IReadOnlyList<string> Remarks) Render(
        ReadOnlySpan<float> attribution, int channels, RgbImage input, PictureOptions options) => throw new NotImplementedException();
}
