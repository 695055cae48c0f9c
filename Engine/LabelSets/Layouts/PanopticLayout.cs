using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>COCO's panoptic format: for each image a PNG whose colours are the numbers of segments, R + 256·G + 65536·B, and a JSON file
/// that says which category each segment has. 0 is no label.</summary>
internal sealed class PanopticLayout : LabelLayout
{
    public override string Name => "coco-panoptic";

    public override string Summary => "COCO's panoptic PNG files and their JSON";

    public override string Files => "panoptic_X.json and the folder panoptic_X beside it; images/, X/ or images/X/";

    internal override string? Recognise(LabelFolder folder) =>
        Jsons(folder) is [{ } first, ..] ? $"{folder.Full(first)} and the folder of that name" : null;

    internal override LabelSet Open(LabelFolder folder, LabelOptions options)
    {
        IReadOnlyList<string> jsons = Jsons(folder);
        if (jsons.Count == 0)
        {
            throw new InputException($"{folder.Root}: expected panoptic_X.json and a folder of PNG files called panoptic_X beside it");
        }

        CocoFile[] files = [.. jsons.Select(j => CocoFile.Open(folder.Full(j)))];
        ConceptTable table = CocoFile.Concepts(files);
        var remarks = new List<string>();
        var items = new List<LabelItem>();
        var labels = new MaskLabels(table);
        foreach ((CocoFile file, string json) in files.Zip(jsons))
        {
            string[] places = CocoFile.Places(folder, json);
            var without = new List<string>();
            foreach (CocoImage image in file.Images)
            {
                if (file.Of(image) is not [{ } span, ..])
                {
                    without.Add(image.Name);
                }
                else if (folder.FindImage(image.Name, places, out string why) is { } photo)
                {
                    items.Add(new LabelItem(photo, photo, canvas => Draw(folder, json, file, span, table, labels, canvas)));
                }
                else
                {
                    items.Add(LabelItem.Broken(image.Name, $"{file.Path}: its image {LabelNames.Quote(image.Name)} {why}"));
                }
            }

            MaskPairs.Unlabelled(without, file.Images.Count(), "annotation", remarks);
            CocoRemarks.Add(file, json, remarks);
        }

        return new FolderLabelSet(Name, folder, table, items, remarks);
    }

    private static IReadOnlyList<string> Jsons(LabelFolder folder) => [.. folder.Files.Where(f =>
        f.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        && folder.ByFolder[f[..^5]].Any(p => p.EndsWith(".png", StringComparison.OrdinalIgnoreCase)))];

    private static void Draw(
        LabelFolder folder, string json, CocoFile file, CocoSpan span, ConceptTable table, MaskLabels labels, LabelCanvas canvas)
    {
        using JsonDocument document = file.Read(span);
        string name = JsonText.Of(document.RootElement, "file_name") ?? "";
        string mask = folder.FindImage(name, [json[..^5]], out string why)
            ?? throw new InputException($"{file.Path}: its mask {LabelNames.Quote(name)} {why}");
        var segments = new Dictionary<int, ushort?> { [0] = 0 };
        foreach (JsonElement segment in JsonText.List(document.RootElement, "segments_info"))
        {
            long category = JsonText.Whole(segment, "category_id") ?? -1;
            ushort? label = table.Of(category);
            if (label is null)
            {
                throw new InputException(
                    $"{file.Path}: a segment of {LabelNames.Quote(name)} has the category {category}, which is not listed");
            }

            if (JsonText.Whole(segment, "id") is { } id and > 0 and < 1 << 24)
            {
                segments[(int)id] = label;
            }
        }

        IndexPng png = MaskFile.Read(folder, mask, canvas);
        labels.Paint(
            canvas,
            i => i * png.Channels is var at && png.Channels >= 3
                ? png.Byte(at) | (png.Byte(at + 1) << 8) | (png.Byte(at + 2) << 16) : png.Samples[at],
            v => segments.GetValueOrDefault(v), v => $"the segment {v}");
    }
}
