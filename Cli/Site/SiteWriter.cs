using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Cli.Visualization;
using Interp.Engine.Evidence;
using Interp.Engine.Examples;
using Interp.Engine.Imaging;

namespace Interp.Cli.Site;

/// <summary>Writes the pages and images of a site, each whole or not at all, and last of all <c>manifest.json</c>.</summary>
internal sealed class SiteWriter(Invocation run, SiteContent site, string folder)
{
    /// <summary>Photos that a class's page shows.</summary>
    internal const int PhotosOfClass = 12;

    private const int PhotoSide = 160;
    private readonly ResultFolder<SiteManifest> _folder = new(folder, SiteJson.Strict.SiteManifest);
    private readonly List<(string Path, Action<Stream> Write)> _pages = [];

    private readonly SitePictures _pictures = new(run, folder);

    /// <summary>Writes a layer's images, unless they are there.</summary>
    internal static void WriteImages(Invocation run, SiteLayer layer, string folder) =>
        Take(new SitePictures(run, folder), layer, make: true);

    /// <summary>Writes what is not there from the same results already.</summary>
    /// <param name="isComplete">Whether everything was made.</param>
    /// <param name="isStopped">Whether the work was stopped: images that are not there are left out, since there is little time.</param>
    /// <returns>What was written, and whether it was there.</returns>
    internal (SiteManifest Manifest, bool WasThere) Write(bool isComplete, bool isStopped)
    {
        foreach (SiteLayer layer in site.Layers)
        {
            Take(_pictures, layer, make: !isStopped);
        }

        _pictures.Take(
            SitePictures.Classes,
            [.. site.Classes.SelectMany(c => (string[])[$"{c.Id}", Of(c.Image), .. PhotosOf(c).Select(SettingsHash.OfFile)])],
            site.Classes.SelectMany(ClassImages), make: !isStopped);
        string settings = Settings(isComplete);
        if (_folder.Existing(settings) is { } existing)
        {
            return (existing, true);
        }

        if (_folder.Begin(settings) is { } other && other.ModelHash != site.Network.Hash)
        {
            run.Note($"{Readable.Path(folder)} held the site of {other.Model}: it is replaced; another {SiteFlags.Out.Name} keeps both");
        }

        Plan();
        string[] files = [.. _pages.Select(p => p.Path)];
        var manifest = new SiteManifest
        {
            Settings = settings,
            Model = site.Network.Name,
            ModelHash = site.Network.Hash,
            Options = site.Options.ToDictionary(),
            Complete = isComplete,
            Remarks = site.Remarks,
            Layers = site.Layers.Count,
            Units = site.Layers.Sum(l => l.Units.Count),
            Classes = site.Classes.Count,
            Pages = files.Count(p => p.EndsWith(".html", StringComparison.Ordinal)),
            Bytes = 0,
            Files = files,
        };
        _folder.Finish(manifest); // Without checksums it vouches for nothing; if this run is killed, the next one knows what to remove.
        foreach ((string path, Action<Stream> write) in _pages)
        {
            _folder.Add(path, write);
        }

        manifest = manifest with
        {
            Bytes = files.Sum(f => new FileInfo(Path.Combine(folder, f)).Length) + _pictures.Bytes,
            Sha256 = _folder.SumsOf(files),
        };
        _folder.Settle(manifest);
        if (!isStopped)
        {
            _pictures.Keep([SitePictures.Classes, .. site.Layers.Select(l => l.Name)]);
        }

        return (manifest, false);
    }

    private static void Take(SitePictures pictures, SiteLayer layer, bool make) => pictures.Take(
        layer.Name,
        [
            layer.Node.Name, layer.Labels?.Digest ?? "", layer.Photos?.Settings ?? "",
            .. layer.Units.SelectMany(u => (string[])[$"{u.Channel}", Of(u.Positive), Of(u.Negative)]),
        ],
        layer.Units.SelectMany(u => UnitImages(layer, u)), make);

    private static IEnumerable<(string Name, Func<RgbImage?> Read)> UnitImages(SiteLayer layer, SiteUnit unit)
    {
        yield return ($"{unit.Channel}-more", () => Optimised(unit.Positive));
        yield return ($"{unit.Channel}-less", () => Optimised(unit.Negative));
        yield return ($"{unit.Channel}-masks", () =>
            layer.Labels?.Sheet(unit.Channel) is { } png ? ImageFile.Decode(png, "masks") : null);
        yield return ($"{unit.Channel}-photos", () =>
            unit.Photos is { } photos ? ImageFile.Read(Path.Combine(layer.PhotosFolder, photos.Sheet)) : null);
    }

    private IEnumerable<(string Name, Func<RgbImage?> Read)> ClassImages(SiteClass c)
    {
        yield return ($"{c.Id}", () => Optimised(c.Image));
        string[] photos = PhotosOf(c);
        for (int i = 0; i < photos.Length; i++)
        {
            string photo = photos[i];
            yield return ($"{c.Id}-photo-{i + 1}", () =>
                photo.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? null : Photo(photo));
        }
    }

    private static string[] PhotosOf(SiteClass c) => [.. c.Photos.Take(PhotosOfClass).Select(p => p.Image)];

    private static RgbImage? Optimised(VisualizeLine? line) =>
        line is null ? null : ImageFile.Read(Path.Combine(line.Folder, VisualizeJob.ImageName(0)));

    private RgbImage Photo(string path)
    {
        RgbImage image = NetworkInput.Read(path, site.Network)[0].Image;
        return ExampleImages.Cut(image, new PixelBox(0, 0, image.Width, image.Height), PhotoSide);
    }

    /// <summary>All pages; the first comes last, so that all that it leads to is there.</summary>
    private void Plan()
    {
        foreach (SiteLayer layer in site.Layers)
        {
            for (int part = 0; part < SitePaths.PagesOf(layer); part++)
            {
                var page = new SiteLayerPage(site, layer, part, _pictures);
                Add(page.Page, HtmlTemplate.Site, page.Body);
            }

            foreach (SiteUnit unit in layer.Units)
            {
                var page = new SiteUnitPage(site, layer, unit, _pictures);
                Add(page.Page, HtmlTemplate.Site, page.Body);
            }
        }

        foreach (SiteClass c in site.Classes)
        {
            var page = new SiteClassPage(site, c, _pictures);
            Add(page.Page, HtmlTemplate.Site, page.Body);
        }

        var search = new SiteSearchPage(site, _pictures);
        Add(search.Page, HtmlTemplate.SiteSearch, _ => { });
        _pages.Add((SitePaths.SearchData, search.WriteData));
        var index = new SiteIndexPage(site, _pictures);
        Add(index.Page, HtmlTemplate.Site, index.Body);
    }

    private void Add(SitePage page, HtmlTemplate template, Action<StreamWriter> body) =>
        _pages.Add((page.Path, s => page.Write(s, template, Made(), body)));

    private string Made() => $"Interp {Manifest.ProgramVersion}, model {site.Network.Hash}; "
        + string.Join(", ", site.Options.Select(o => $"{o.Key} {o.Value}"));

    /// <summary>What the pages depend on: the options, and every result that they show.</summary>
    private string Settings(bool isComplete) => SettingsHash.Of(
    [
        site.Network.Name, site.Network.Hash, $"{isComplete}", .. site.Options.Select(o => $"{o.Key} {o.Value}"), .. site.Remarks,
        .. site.Photos.Select(p => $"{SettingsHash.OfFile(p.Image)} {p.Class}"),
        .. site.Layers.SelectMany(l => (string[])
        [
            l.Node.Name, l.Labels?.Digest ?? "", l.Photos?.Settings ?? "", l.Relevance?.Manifest.Settings ?? "", l.Removal?.Settings ?? "",
            .. l.Units.SelectMany(u => (string[])[$"{u.Channel}", Of(u.Positive), Of(u.Negative)]),
        ]),
        .. site.Classes.SelectMany(c => (string[])[$"{c.Id}", Of(c.Image)]),
    ]);

    private static string Of(VisualizeLine? line) => line?.Manifest.Sha256.GetValueOrDefault(VisualizeJob.ImageName(0)) ?? "";
}
