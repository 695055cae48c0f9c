using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Imaging;

namespace Interp.Cli.Site;

/// <summary>
/// The images of a site: each as JPEG or PNG, whichever is smaller. They are for looking at, and the results hold the originals: at quality
/// 90 an optimised image of 128 pixels takes about a fifth of its PNG, and the difference cannot be seen at the size it is shown in.
/// </summary>
/// <param name="files">Takes the files.</param>
internal sealed class SitePictures(ResultFiles files)
{
    private const int Quality = 90;
    private readonly Dictionary<string, (string File, int Width, int Height)> _known = [];
    private readonly Lock _gate = new();

    /// <summary>All files, in the order of their names.</summary>
    internal IReadOnlyList<string> Files => [.. _known.Values.Select(p => p.File).Order(StringComparer.Ordinal)];

    /// <summary>Writes an image; may be called by several threads.</summary>
    /// <param name="name">Its place in the site without an ending.</param>
    /// <param name="image">The image.</param>
    internal void Add(string name, RgbImage image)
    {
        byte[] png = PngChunks.Encode(image), jpeg = Jpeg(image);
        bool isPhoto = jpeg.Length < png.Length;
        string file = $"{name}{(isPhoto ? ".jpg" : ".png")}";
        files.Add(file, s => s.Write(isPhoto ? jpeg : png));
        lock (_gate)
        {
            _known[name] = (file, image.Width, image.Height);
        }
    }

    /// <summary>The image's file; null where there is none.</summary>
    internal string? Find(string name) => _known.TryGetValue(name, out (string File, int, int) found) ? found.File : null;

    /// <summary>An element that shows it; nothing where there is none.</summary>
    internal string Element(SitePage page, string name, string alt, bool isLazy = false) =>
        !_known.TryGetValue(name, out (string File, int Width, int Height) p) ? ""
        : $"<img alt=\"{PageParts.Html(alt)}\" width=\"{p.Width}\" height=\"{p.Height}\"{(isLazy ? " loading=\"lazy\"" : "")} "
            + $"src=\"{page.To(p.File)}\">";

    /// <summary>The names of a unit's images.</summary>
    internal static string OfUnit(SiteLayer layer, int channel, string kind) => $"images/{layer.Name}/{channel}-{kind}";

    /// <summary>The name of a class's image.</summary>
    internal static string OfClass(int c) => $"images/classes/{c}";

    /// <summary>The name of one of a class's photos.</summary>
    internal static string OfPhoto(int c, int index) => $"images/classes/{c}-photo-{index + 1}";

    private static byte[] Jpeg(RgbImage image)
    {
        using var stream = new MemoryStream();
        ImageFile.WriteJpeg(stream, image, Quality);
        return stream.ToArray();
    }
}
