using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>
/// The full ADE20K: beside each image a <c>_seg.png</c> with the class in R/10·256 + G and objects told apart by B. Names stand per image:
/// in JSON with the class's number (2021), or in <c>_atr.txt</c> under the rank of the object's B (2016). Parts are not read.
/// </summary>
internal static class AdeSegments
{
    private const string Ending = "_seg.png";
    private const int MostBytes = 64 << 20;

    /// <summary>The label files.</summary>
    public static IEnumerable<string> Files(LabelFolder folder) => folder.Files.Where(f => f.EndsWith(Ending, StringComparison.Ordinal)
        && (Find(folder, f, "_atr.txt") ?? Find(folder, f, ".json")) is not null);

    /// <summary>Opens a folder; the names of all images are read.</summary>
    /// <exception cref="InputException">It has no such files.</exception>
    public static LabelSet Open(string layout, LabelFolder folder)
    {
        var table = new ConceptTable();
        var labels = new Dictionary<string, ushort>(StringComparer.Ordinal);
        var items = new List<LabelItem>();
        foreach (string mask in folder.Files.Where(f => f.EndsWith(Ending, StringComparison.Ordinal)))
        {
            string? photo = new[] { ".jpg", ".jpeg", ".png" }.Select(e => Find(folder, mask, e)).FirstOrDefault(p => p is not null);
            if (photo is null)
            {
                items.Add(LabelItem.Broken(mask, $"{folder.Full(mask)}: this mask has no image beside it"));
                continue;
            }

            try
            {
                foreach ((_, _, string name) in Names(folder, mask))
                {
                    if (!labels.ContainsKey(name))
                    {
                        labels.Add(name, table.Label(name, "object", $"concept {labels.Count + 1}"));
                    }
                }

                items.Add(new LabelItem(photo, photo, canvas => Draw(folder, mask, labels, table, canvas)));
            }
            catch (InputException e)
            {
                items.Add(LabelItem.Broken(photo, e.Message));
            }
        }

        return items.Count > 0
            ? new FolderLabelSet(layout, folder, table, items, ["names are kept with all their synonyms; parts are not read"])
            : throw new InputException(
                $"{folder.Root}: expected images/ and annotations/ with objectInfo150.txt, or images with *_seg.png");
    }

    private static string? Find(LabelFolder folder, string mask, string ending) => folder.Find(mask[..^Ending.Length] + ending);

    private static void Draw(
        LabelFolder folder, string file, Dictionary<string, ushort> labels, ConceptTable table, LabelCanvas canvas)
    {
        IndexPng mask = MaskFile.Read(folder, file, canvas);
        if (mask.Channels < 3)
        {
            throw new InputException($"{folder.Full(file)}: holds no colours, expected the class in R/10·256 + G");
        }

        var byClass = new Dictionary<int, ushort> { [0] = 0 };
        var byRank = new Dictionary<int, ushort>();
        foreach ((long? number, long? rank, string name) in Names(folder, file))
        {
            if (number is { } c)
            {
                byClass[(int)c] = labels[name];
            }
            else if (rank is { } r)
            {
                byRank[(int)r] = labels[name];
            }
        }

        int[] ranks = Ranks(mask);
        for (int i = 0; byRank.Count > 0 && i < mask.Samples.Length; i += mask.Channels)
        {
            int c = Class(mask, i);
            if (c != 0 && byRank.TryGetValue(ranks[mask.Byte(i + 2)], out ushort label))
            {
                byClass.TryAdd(c, label);
            }
        }

        new MaskLabels(table).Paint(
            canvas, i => Class(mask, i * mask.Channels),
            v => byClass.TryGetValue(v, out ushort label) ? label : null, v => $"the class {v}");
    }

    private static int Class(IndexPng mask, int at) => (mask.Byte(at) / 10 * 256) + mask.Byte(at + 1);

    /// <summary>The rank of each value of B among those that occur, the smallest (no object) 0.</summary>
    private static int[] Ranks(IndexPng mask)
    {
        var ranks = new int[256];
        for (int i = 2; i < mask.Samples.Length; i += mask.Channels)
        {
            ranks[mask.Byte(i)] = 1;
        }

        for (int v = 0, rank = 0; v < ranks.Length; v++)
        {
            ranks[v] = ranks[v] == 1 ? rank++ : -1;
        }

        return ranks;
    }

    /// <summary>Class number or rank of the object, and name, of the whole objects of an image.</summary>
    private static IEnumerable<(long? Class, long? Rank, string Name)> Names(LabelFolder folder, string mask)
    {
        if (Find(folder, mask, "_atr.txt") is { } text)
        {
            return [.. ConceptList.Text(folder, text).Split('\n').Select(l => l.Split('#'))
                .Where(f => f.Length >= 5 && ConceptList.Number(f[1]) == 0 && ConceptList.Number(f[0]) is not null)
                .Select(f => ((long?)null, ConceptList.Number(f[0]), LabelNames.Clean(f[3])))];
        }

        string json = Find(folder, mask, ".json")
            ?? throw new InputException($"{folder.Full(mask)}: has neither _atr.txt nor .json beside it");
        using JsonDocument document = JsonElements.Document(folder, json, MostBytes);
        JsonElement root = document.RootElement;
        JsonElement annotation = default;
        _ = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("annotation", out annotation);
        return [.. JsonText.List(annotation, "object")
            .Where(o => !o.TryGetProperty("parts", out JsonElement parts) || JsonText.Whole(parts, "part_level") is null or 0)
            .Where(o => JsonText.Whole(o, "name_ndx") is >= 0 and < 65536)
            .Select(o => (JsonText.Whole(o, "name_ndx"), (long?)null, LabelNames.Clean(JsonText.Of(o, "name") ?? "")))];
    }
}
