using System.Text;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Attribution;
using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Evidence;
using Interp.Engine.Examples;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Statistics;
using Interp.Engine.Tensors;

namespace Interp.Cli.Concepts.Relevance;

/// <summary>Writes the maps, crops, tables, sheet and page of one image.</summary>
internal sealed class RelevanceWriter(
    ResultFolder<RelevanceManifest> folder, NetworkInput input, ImageOptions options, RelevancePhotos? photos, Labels labels)
{
    private const int Side = RelevancePhotos.CropSide;
    private const string TableName = "channels.csv";
    private const string SheetName = "sheet.png";
    private const string PageName = "index.html";
    private const string WholeName = "layer";
    private readonly List<string> _files = [];
    private readonly List<IReadOnlyList<IReadOnlyList<RgbImage>>> _rows = [];

    /// <summary>Each channel's maps and reference photos.</summary>
    internal IReadOnlyList<ChannelLine> Channels(
        ImageRelevance found, IReadOnlyList<int> shown, ConditionalMaps maps, RankingSupport? support, UnitLabels? concepts)
    {
        IReadOnlyDictionary<(string, int?, int), RgbImage>? crops = photos?.Crops(shown, input.FileHash);
        double[] corrected = support is null || support.Channels.Any(c => double.IsNaN(c.P)) ? []
            : Multiplicity.Holm([.. support.Channels.Select(c => c.P)]);
        int sign = found.Channels.Sign;
        int plane = found.Channels.Values.Length / found.Channels.Shape[1];
        var lines = new List<ChannelLine>();
        Map(WholeName, maps.Whole);
        for (int i = 0; i < shown.Count; i++)
        {
            int k = shown[i];
            RgbImage overlay = Map($"{k}", maps.Each[i]);
            RgbImage crop = RelevanceCrop.Cut(input.Image, Array.ConvertAll(maps.Each[i], v => sign * v), Side);
            (IReadOnlyList<ReferenceLine> relevant, RgbImage[] relevantCrops) =
                References(k, "relevant", photos?.Relevant(k, input.FileHash) ?? [], crops, e => e.Mean * plane);
            (IReadOnlyList<ReferenceLine> exciting, RgbImage[] excitingCrops) =
                References(k, "exciting", photos?.Exciting(k, input.FileHash) ?? [], crops, e => e.Value);
            RgbImage here = ExampleImages.Cut(overlay, new PixelBox(0, 0, overlay.Width, overlay.Height), Side);
            _rows.Add([[here, crop], relevantCrops, excitingCrops]);
            ChannelSupport? s = support?.Channels[i];
            lines.Add(new ChannelLine(
                k, i + 1, found.Channels.Sums[k], found.Channels.Share(k), maps.Each[i].Sum(v => (double)v), s?.Same, s?.Others,
                corrected.Length > 0 ? s?.P : null, corrected.Length > 0 ? corrected[i] : null, concepts?.Of(k),
                $"{k}/heatmap.png", relevant, exciting));
        }

        return lines;
    }

    /// <summary>The table of all channels, the sheet and the page.</summary>
    internal RelevanceManifest Finish(RelevanceManifest manifest, ImageRelevance found, ConditionalMaps maps)
    {
        Add(TableName, s => s.Write(Encoding.UTF8.GetBytes(Table(found.Channels))));
        Add(SheetName, s => ImageFile.WritePng(s, ExampleImages.Rows(_rows)));
        Add(PageName, new RelevancePage(manifest, folder.Path).Write);
        return manifest with { Files = _files, Sha256 = folder.SumsOf(_files) };
    }

    private static string Table(ChannelRelevance channels)
    {
        var table = new CsvTable();
        table.Add(["channel", "rank", "relevance", "share", "largest_activation", "mean_activation"]);
        for (int i = 0; i < channels.Ranking.Length; i++)
        {
            int k = channels.Ranking[i];
            UnitReading reading = UnitReading.Of(channels.Activation, channels.Shape, 0, k);
            table.Add([$"{k}", $"{i + 1}", CsvTable.Number(channels.Sums[k]), CsvTable.Number(channels.Share(k)),
                CsvTable.Number(reading.Largest), CsvTable.Number(reading.Mean)]);
        }

        return table.ToString();
    }

    /// <summary>A map's images and values.</summary>
    /// <returns>The overlay.</returns>
    private RgbImage Map(string name, float[] values)
    {
        IReadOnlyList<(string Name, RgbImage Image)> images =
            AttributionImages.Render(values, AttributionKind.Contribution, input.Image, options, input.ChannelOrder).Images;
        foreach ((string kind, RgbImage image) in images.Where(i => i.Name is "heatmap" or "overlay"))
        {
            Add($"{name}/{kind}.png", s => ImageFile.WritePng(s, image));
        }

        int plane = input.Image.Width * input.Image.Height;
        Add($"{name}/attribution.npy", s => Npy.Write(s, new Shape(values.Length / plane, input.Image.Height, input.Image.Width), values));
        return images.First(i => i.Name == "overlay").Image;
    }

    private (IReadOnlyList<ReferenceLine> Lines, RgbImage[] Crops) References(
        int channel, string kind, IReadOnlyList<UnitExample> examples, IReadOnlyDictionary<(string, int?, int), RgbImage>? crops,
        Func<UnitExample, double> value)
    {
        RgbImage[] images = [.. examples.Select(e => crops![(e.Image, e.Part, channel)])];
        ReferenceLine[] lines = [.. examples.Select((e, i) => new ReferenceLine(
            e.Image, e.Part, labels[photos!.Of(e).Own.Id], value(e),
            $"{channel}/{kind}-{i + 1}.png"))];
        for (int i = 0; i < images.Length; i++)
        {
            Add(lines[i].Crop, s => ImageFile.WritePng(s, images[i]));
        }

        return (lines, images);
    }

    private void Add(string file, Action<Stream> write)
    {
        folder.Add(file, write);
        _files.Add(file);
    }
}
