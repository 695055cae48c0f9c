using System.CommandLine;
using Interp.Engine.Attribution;
using Interp.Engine.Imaging;

namespace Interp.Cli;

/// <summary>How attributions are drawn.</summary>
internal static class ImageFlags
{
    private static readonly ImageOptions s_standard = new();
    private static readonly (string Name, ColorScale Scale)[] s_scales = [
        ("symmetric", ColorScale.Symmetric), ("minmax", ColorScale.MinMax)];

    private static readonly Option<string> s_colormap =
        TypedOption.Choice("--cmap", "Colours of overlays and maps", s_standard.Colormap, [.. Colormap.All.Names]);

    private static readonly Option<double> s_alpha = TypedOption.Real(
        "--alpha", "Share of the colours in overlays", s_standard.Alpha, 0, 1);

    private static readonly Option<string> s_scale =
        TypedOption.Choice("--color-scale", "Scale of color.png", "symmetric", [.. s_scales.Select(s => s.Name)]);

    private static readonly Option<string> s_clip = TypedOption.Choice(
        "--clip", "Heat maps are cut above the 99th percentile, or at 2 % of their sum [default: 99; maps: none]", null,
        [.. HeatmapClip.All.Names]);

    private static readonly Option<string> s_reduction =
        TypedOption.Choice("--reduce", "Channels to one value [default: the method's own]", null, [.. ChannelReduction.All.Names]);

    internal static IEnumerable<Option> All => [s_colormap, s_alpha, s_scale, s_clip, s_reduction];

    /// <summary>Those of images other than heat maps and overlays.</summary>
    internal static IEnumerable<Option> OfColors => [s_scale];

    /// <summary>Those that images without colour channels do not need.</summary>
    internal static IEnumerable<Option> OfChannels => [s_scale, s_reduction];

    internal static ImageOptions Read(Invocation run) => new()
    {
        Colormap = run.Get(s_colormap),
        Alpha = run.Get(s_alpha),
        ColorScale = s_scales.First(s => s.Name == run.Get(s_scale)).Scale,
        Clip = run.Get(s_clip),
        Reduction = run.Get(s_reduction),
    };

    /// <summary>The values in force, for the manifest.</summary>
    internal static IEnumerable<KeyValuePair<string, object>> Values(ImageOptions options, AttributionKind kind)
    {
        bool isMap = kind.IsMap();
        yield return new("cmap", options.Colormap);
        yield return new("alpha", options.Alpha);
        yield return new("clip", options.Clip ?? (isMap ? HeatmapClip.None : HeatmapClip.Percentile99).Name);
        if (!isMap)
        {
            yield return new("color-scale", s_scales.First(s => s.Scale == options.ColorScale).Name);
            yield return new("reduce", AttributionImages.ReductionOf(kind, options).Name);
        }
    }
}
