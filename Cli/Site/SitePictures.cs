using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Imaging;

namespace Interp.Cli.Site;

/// <summary>
/// The images of a site: each as JPEG or PNG, whichever is smaller. They are for looking at, and the results hold the originals: at quality
/// 90 an optimised image of 128 pixels takes about a fifth of its PNG, and the difference cannot be seen at the size it is shown in. Those
/// of a layer, or of the classes, are one result: they are made once, as soon as what they show is there.
/// </summary>
/// <param name="run">The command's run.</param>
/// <param name="root">The site's folder.</param>
internal sealed class SitePictures(Invocation run, string root)
{
    internal const string Folder = "images";

    /// <summary>The folder of the classes' images; no layer's is called so.</summary>
    internal const string Classes = "classes";

    private const int Quality = 90;
    private readonly Dictionary<string, PictureLine> _known = new(StringComparer.Ordinal);

    /// <summary>Bytes of all images.</summary>
    internal long Bytes => _known.Values.Sum(p => p.Bytes);

    /// <summary>Takes a group's images, and makes them first where they are not there.</summary>
    /// <param name="group">Its folder.</param>
    /// <param name="settings">What they depend on.</param>
    /// <param name="images">Their names without ending, each with what reads it; null where there is none.</param>
    /// <param name="make">Whether those that are not there are made.</param>
    internal void Take(string group, IEnumerable<string> settings, IEnumerable<(string Name, Func<RgbImage?> Read)> images, bool make)
    {
        ResultFolder<PicturesManifest> folder = Of(group);
        string digest = SettingsHash.Of([.. settings, $"{Quality}"]);
        PicturesManifest? manifest = folder.Existing(digest) ?? (make ? Make(folder, digest, [.. images]) : null);
        foreach (PictureLine picture in manifest?.Pictures ?? [])
        {
            _known[$"{Folder}/{group}/{picture.Name}"] = picture with { File = $"{Folder}/{group}/{picture.File}" };
        }
    }

    /// <summary>Removes the groups that an earlier site had.</summary>
    internal void Keep(IReadOnlyCollection<string> groups)
    {
        string all = Path.Combine(root, Folder);
        foreach (string path in Directory.Exists(all) ? Directory.GetDirectories(all) : [])
        {
            if (!groups.Contains(Path.GetFileName(path)) && Of(Path.GetFileName(path)) is var old && old.Found() is { } found)
            {
                old.Remove(found);
            }
        }
    }

    /// <summary>The image's file; null where there is none.</summary>
    internal string? Find(string name) => _known.TryGetValue(name, out PictureLine? found) ? found.File : null;

    /// <summary>An element that shows it; nothing where there is none.</summary>
    internal string Element(SitePage page, string name, string alt, bool isLazy = false) =>
        !_known.TryGetValue(name, out PictureLine? p) ? ""
        : $"<img alt=\"{PageParts.Html(alt)}\" width=\"{p.Width}\" height=\"{p.Height}\"{(isLazy ? " loading=\"lazy\"" : "")} "
            + $"src=\"{page.To(p.File)}\">";

    /// <summary>The names of a unit's images.</summary>
    internal static string OfUnit(SiteLayer layer, int channel, string kind) => $"{Folder}/{layer.Name}/{channel}-{kind}";

    /// <summary>The name of a class's image.</summary>
    internal static string OfClass(int c) => $"{Folder}/{Classes}/{c}";

    /// <summary>The name of one of a class's photos.</summary>
    internal static string OfPhoto(int c, int index) => $"{Folder}/{Classes}/{c}-photo-{index + 1}";

    private ResultFolder<PicturesManifest> Of(string group) => new(Path.Combine(root, Folder, group), SiteJson.Strict.PicturesManifest);

    private PicturesManifest? Make(ResultFolder<PicturesManifest> folder, string settings, (string Name, Func<RgbImage?> Read)[] images)
    {
        folder.Begin(settings);
        var made = new ConcurrentBag<PictureLine>();
        int done = 0;
        run.Progress("images of the site").Run(report =>
        {
            InParallel.Each(images, run.Get(SharedOptions.Threads), image =>
            {
                if (image.Read() is { } pixels)
                {
                    made.Add(Write(folder, image.Name, pixels));
                }

                report("", Interlocked.Increment(ref done), images.Length);
            }, run.Cancel);
            return done;
        });
        if (made.IsEmpty)
        {
            return null;
        }

        PictureLine[] pictures = [.. made.OrderBy(p => p.File, StringComparer.Ordinal)];
        string[] files = [.. pictures.Select(p => p.File)];
        var manifest = new PicturesManifest { Settings = settings, Pictures = pictures, Files = files, Sha256 = folder.SumsOf(files) };
        folder.Settle(manifest);
        return manifest;
    }

    private static PictureLine Write(ResultFiles folder, string name, RgbImage image)
    {
        byte[] png = PngChunks.Encode(image), jpeg = Jpeg(image);
        bool isPhoto = jpeg.Length < png.Length;
        string file = $"{name}{(isPhoto ? ".jpg" : ".png")}";
        folder.Add(file, s => s.Write(isPhoto ? jpeg : png));
        return new PictureLine(name, file, image.Width, image.Height, Math.Min(jpeg.Length, png.Length));
    }

    private static byte[] Jpeg(RgbImage image)
    {
        using var stream = new MemoryStream();
        ImageFile.WriteJpeg(stream, image, Quality);
        return stream.ToArray();
    }
}

/// <param name="Name">What it shows.</param>
/// <param name="File">Its file.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Bytes">Size of the file.</param>
internal sealed record PictureLine(string Name, string File, int Width, int Height, long Bytes);

/// <summary>Images of a part of a site: <c>manifest.json</c> beside them.</summary>
internal sealed record PicturesManifest : IResult
{
    public required string Settings { get; init; }

    public required IReadOnlyList<PictureLine> Pictures { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}
