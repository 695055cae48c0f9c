using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>COCO's object annotations: outlines and run lengths in one JSON file. Crowds are read like all others.</summary>
internal sealed class CocoLayout : LabelLayout
{
    private const int HeadBytes = 1 << 16;

    private static readonly string[] s_others = ["captions", "person_keypoints", "image_info", "panoptic"];

    public override string Name => "coco";

    public override string Summary => "COCO's JSON of outlines and run lengths";

    public override string Files => "instances_X.json; images/, X/, images/X/ or images beside it";

    internal override string? Recognise(LabelFolder folder) => Jsons(folder) is [{ } first, ..] ? folder.Full(first) : null;

    internal override LabelSet Open(LabelFolder folder, LabelOptions options)
    {
        string[] jsons = Jsons(folder);
        if (jsons.Length == 0)
        {
            throw new InputException($"{folder.Root}: expected a JSON file with \"images\", \"annotations\" and \"categories\"");
        }

        CocoFile[] files = [.. jsons.Select(j => CocoFile.Open(folder.Full(j)))];
        ConceptTable table = CocoFile.Concepts(files);
        var remarks = new List<string>();
        var items = new List<LabelItem>();
        foreach ((CocoFile file, string json) in files.Zip(jsons))
        {
            string[] places = CocoFile.Places(folder, json);
            foreach (CocoImage image in file.Images)
            {
                items.Add(folder.FindImage(image.Name, places, out string why) is { } photo
                    ? new LabelItem(photo, photo, canvas => Draw(file, image, table, canvas, options))
                    : LabelItem.Broken(image.Name, $"{file.Path}: its image {LabelNames.Quote(image.Name)} {why}"));
            }

            CocoRemarks.Add(file, json, remarks);
        }

        return new FolderLabelSet(Name, folder, table, items, remarks);
    }

    /// <summary>The files called instances; without any, those that begin like one.</summary>
    private static string[] Jsons(LabelFolder folder)
    {
        string[] all = [.. folder.Files.Where(f => f.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !folder.HasFolder(f[..^5])
            && !s_others.Any(o => LabelFolder.FileName(f).StartsWith(o, StringComparison.OrdinalIgnoreCase)))];
        string[] named = [.. all.Where(f => LabelFolder.FileName(f).StartsWith("instances", StringComparison.OrdinalIgnoreCase))];
        const int MostLookedInto = 64;
        return named.Length > 0 ? named
            : [.. all.Where(f => f.Count(c => c == '/') <= 2).Take(MostLookedInto).Where(f => LooksLikeOne(folder.Full(f)))];
    }

    private static bool LooksLikeOne(string path)
    {
        ReadOnlySpan<byte> head = InputFile.Head(path, HeadBytes);
        bool annotations = head.IndexOf("\"annotations\""u8) >= 0, categories = head.IndexOf("\"categories\""u8) >= 0;
        return head.IndexOf("\"images\""u8) >= 0 ? head.Length == HeadBytes || (annotations && categories)
            : head.Length == HeadBytes && (annotations || categories) && head.IndexOf("\"shapes\""u8) < 0;
    }

    private static void Draw(CocoFile file, CocoImage image, ConceptTable table, LabelCanvas canvas, LabelOptions options)
    {
        canvas.Plane("object");
        if (image is { Width: { } width, Height: { } height } && (width != canvas.Width || height != canvas.Height))
        {
            throw new InputException($"{canvas.Name}: is {canvas.Width}x{canvas.Height}, but {file.Path} says {width}x{height}; labels are "
                + "never scaled");
        }

        var fill = new PolygonFill(canvas, options.Polygons);
        int without = 0;
        foreach (CocoSpan span in file.Of(image))
        {
            string where = $"{file.Path}, annotation of {LabelNames.Quote(image.Name)} at byte {span.Offset}";
            using JsonDocument document = file.Read(span);
            JsonElement annotation = document.RootElement;
            long category = JsonText.Whole(annotation, "category_id") ?? -1;
            ushort label = table.Of(category) ?? throw new InputException($"{where}: category {category} is not listed");
            JsonElement mask = annotation.TryGetProperty("segmentation", out JsonElement found) ? found : default;
            if (mask.ValueKind == JsonValueKind.Object)
            {
                RunLengths.Fill(mask, canvas, "object", label, where);
            }
            else if (mask.ValueKind == JsonValueKind.Array && mask.GetArrayLength() > 0)
            {
                IEnumerable<JsonElement> outlines =
                    mask[0].ValueKind is JsonValueKind.Array or JsonValueKind.Object ? mask.EnumerateArray() : [mask];
                foreach (JsonElement outline in outlines)
                {
                    fill.Fill([.. outline.ValueKind == JsonValueKind.Array ? outline.EnumerateArray().Select(JsonText.Real) : []],
                        "object", label, where);
                }
            }
            else
            {
                without += Box(annotation, canvas) ? 1 : 0;
            }
        }

        if (without > 0)
        {
            canvas.Note($"{without} annotations have a box alone: what has no other label in it is left out as unknown");
        }
    }

    private static bool Box(JsonElement annotation, LabelCanvas canvas)
    {
        if (JsonText.List(annotation, "bbox").Select(JsonText.Real).ToArray() is not [double x, double y, double w, double h]
            || !double.IsFinite(x + y + w + h))
        {
            return false;
        }

        canvas.VoidBox(
            "object", Pixel(Math.Floor(x)), Pixel(Math.Floor(y)), Pixel(Math.Ceiling(x + w)), Pixel(Math.Ceiling(y + h)));
        return true;

        static int Pixel(double v) => (int)Math.Clamp(v, -1e6, 1e6);
    }
}
