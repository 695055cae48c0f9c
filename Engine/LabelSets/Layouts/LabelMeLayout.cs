using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>LabelMe: a JSON file for each image, with shapes; the image may be in it (<c>imageData</c>).</summary>
internal sealed class LabelMeLayout : LabelLayout
{
    /// <summary>The most bytes of a file.</summary>
    internal const int MostBytes = 256 << 20;

    private const int HeadBytes = 1 << 12, MostLookedInto = 16;

    public override string Name => "labelme";

    public override string Summary => "LabelMe's JSON files, one for each image";

    public override string Files => "*.json with \"shapes\", images beside them or in them";

    internal override string? Recognise(LabelFolder folder) =>
        Jsons(folder).Take(MostLookedInto).FirstOrDefault(f => HasShapes(folder, f)) is { } first
            ? $"{folder.Full(first)} has shapes" : null;

    internal override LabelSet Open(LabelFolder folder, LabelOptions options)
    {
        var table = new ConceptTable();
        var labels = new Dictionary<string, ushort>(StringComparer.Ordinal);
        var items = new List<LabelItem>();
        int inside = 0;
        foreach (string json in Jsons(folder))
        {
            try
            {
                using JsonDocument document = JsonElements.Document(folder, json, MostBytes);
                JsonElement root = document.RootElement;
                if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("shapes", out JsonElement shapes))
                {
                    continue;
                }

                foreach (string name in shapes.ValueKind == JsonValueKind.Array ? shapes.EnumerateArray().Select(LabelMeShape.NameOf) : [])
                {
                    Add(table, labels, name);
                }

                items.Add(Item(folder, json, root, labels, options, ref inside));
            }
            catch (InputException e)
            {
                items.Add(LabelItem.Broken(json, e.Message));
            }
        }

        string[] remarks = inside == 0 ? [] : [$"{inside} images are read from the JSON files (imageData): there is no file of their name"];
        return items.Count > 0 ? new FolderLabelSet(Name, folder, table, items, remarks)
            : throw new InputException($"{folder.Root}: expected JSON files with \"shapes\", one for each image");
    }

    private static void Add(ConceptTable table, Dictionary<string, ushort> labels, string name)
    {
        if (!labels.ContainsKey(name))
        {
            table.Add(labels.Count, name, "object");
            labels.Add(name, table.Of(labels.Count)!.Value);
        }
    }

    private static LabelItem Item(
        LabelFolder folder, string json, JsonElement root, IReadOnlyDictionary<string, ushort> labels, LabelOptions options, ref int inside)
    {
        string named = JsonText.Of(root, "imagePath") ?? "";
        string own = LabelFolder.FolderOf(json);
        void Draw(LabelCanvas canvas) => LabelMeShape.Draw(folder, json, labels, canvas, options);
        string? photo = named.Length > 0 ? folder.FindImage(named, [own], out _) : null;
        if (photo is not null)
        {
            return new LabelItem(photo, photo, Draw);
        }

        if (root.TryGetProperty("imageData", out JsonElement data) && data.ValueKind == JsonValueKind.String)
        {
            inside++;
            return new LabelItem(json, json, Draw) { Photo = () => ImageData(folder, json) };
        }

        return LabelItem.Broken(json, $"{folder.Full(json)}: its image {LabelNames.Quote(named)} is not in the folder, nor in the file");
    }

    private static byte[] ImageData(LabelFolder folder, string json)
    {
        using JsonDocument document = JsonElements.Document(folder, json, MostBytes);
        return document.RootElement.TryGetProperty("imageData", out JsonElement data) && data.ValueKind == JsonValueKind.String
            && data.TryGetBytesFromBase64(out byte[]? bytes) ? bytes
            : throw new InputException($"{folder.Full(json)}: its imageData is no base64");
    }

    private static IEnumerable<string> Jsons(LabelFolder folder) =>
        folder.Files.Where(f => f.EndsWith(".json", StringComparison.OrdinalIgnoreCase));

    private static bool HasShapes(LabelFolder folder, string file)
    {
        ReadOnlySpan<byte> head = InputFile.Head(folder.Full(file), HeadBytes);
        return head.IndexOf("\"shapes\""u8) >= 0 && head.IndexOf("\"categories\""u8) < 0;
    }
}
