using System.CommandLine;
using Interp.Engine.Imaging;

namespace Interp.Cli;

/// <summary>How attributions are drawn.</summary>
internal static class PictureFlags
{
    private static readonly PictureOptions s_standard = new();

    private static readonly Option<string> s_colormap = TypedOption.Choice("--cmap", "Colour map of overlays and maps", s_standard.Colormap, [.. Colormap.All.Names]);
    private static readonly Option<double> s_alpha = TypedOption.Real("--alpha", "Share of the colours in the overlay", s_standard.Alpha, 0, 1);

    internal static IEnumerable<Option> All => [s_colormap, s_alpha];

    internal static PictureOptions Read(Invocation run) => new() { Colormap = run.Get(s_colormap), Alpha = run.Get(s_alpha) };

    /// <summary>The values for the manifest.</summary>
    internal static IEnumerable<KeyValuePair<string, object>> Values(PictureOptions options) => [new("cmap", options.Colormap), new("alpha", options.Alpha)];
}
