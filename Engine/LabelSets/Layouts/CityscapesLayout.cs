using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>Cityscapes: <c>_labelIds.png</c>, or what there is of <c>_instanceIds.png</c> (from 1000 on class · 1000 + object) and
/// <c>_labelTrainIds.png</c> (255 is unknown).</summary>
internal sealed class CityscapesLayout : LabelLayout
{
    private static readonly string[] s_endings = ["_labelIds", "_instanceIds", "_labelTrainIds"];

    private static readonly string[] s_names =
    [
        "unlabeled", "ego vehicle", "rectification border", "out of roi", "static", "dynamic", "ground", "road", "sidewalk", "parking",
        "rail track", "building", "wall", "fence", "guard rail", "bridge", "tunnel", "pole", "polegroup", "traffic light", "traffic sign",
        "vegetation", "terrain", "sky", "person", "rider", "car", "truck", "bus", "caravan", "trailer", "train", "motorcycle", "bicycle",
    ];

    /// <summary>The class of each number that networks are trained with.</summary>
    private static readonly int[] s_trained = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];

    public override string Name => "cityscapes";

    public override string Summary => "Cityscapes' label images";

    public override string Files => "leftImg8bit/ and gtFine/ (or gtCoarse/) with *_labelIds.png";

    internal override string? ImagesIn(LabelFolder folder) => "leftImg8bit";

    internal override string? Recognise(LabelFolder folder) => Labels(folder) is { } labels
        ? $"{folder.Full("leftImg8bit")} and {LabelFolder.FileName(labels)}" : null;

    internal override LabelSet Open(LabelFolder folder, LabelOptions options)
    {
        string masks = Labels(folder)
            ?? throw new InputException($"{folder.Root}: expected folders leftImg8bit and gtFine with files *_labelIds.png");
        ConceptTable[] tables = [Table(null), Table(s_trained)];
        MaskLabels[] labels = [.. tables.Select(t => new MaskLabels(t))];
        var remarks = new List<string> { "'ego vehicle', 'rectification border' and 'out of roi' are left out of every count" };
        Dictionary<string, string> photos = folder.Images("leftImg8bit").ToDictionary(
            p => Without(p.Key, "_leftImg8bit"), p => p.Value, StringComparer.Ordinal);
        var chosen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string ending in s_endings)
        {
            foreach (string mask in folder.Below(masks).Where(m => m.EndsWith(ending + ".png", StringComparison.Ordinal)))
            {
                chosen.TryAdd(Without(LabelFolder.Stem(masks, mask)[..^ending.Length], "_" + masks), mask);
            }
        }

        LabelItem[] items = [.. chosen.Select(c => photos.TryGetValue(c.Key, out string? photo)
            ? new LabelItem(photo, photo, canvas => Draw(folder, c.Value, labels, canvas))
            : LabelItem.Broken(c.Value, $"{folder.Full(c.Value)}: this mask has no image in {folder.Full("leftImg8bit")}"))];
        string[] without = [.. photos.Where(p => !chosen.ContainsKey(p.Key)).Select(p => p.Value).Order(StringComparer.Ordinal)];
        MaskPairs.Unlabelled(without, photos.Count, "mask", remarks);
        return new FolderLabelSet(Name, folder, tables[0], items, remarks);
    }

    private static ConceptTable Table(int[]? trained)
    {
        var table = new ConceptTable();
        foreach ((string name, int id) in s_names.Select((n, i) => (n, i)).Where(n => n.i > 3))
        {
            // In both tables a class has the same label; only the numbers differ.
            int number = trained is null ? id : Array.IndexOf(trained, id);
            table.Add(number < 0 ? -id - 2 : number, name, "object", plain: true);
        }

        table.Set(0, 0);
        (int from, int to) = trained is null ? (1, 3) : (255, 255);
        for (int v = from; v <= to; v++)
        {
            table.Set(v, LabelPlane.Void);
        }

        return table;
    }

    private static void Draw(LabelFolder folder, string file, MaskLabels[] labels, LabelCanvas canvas)
    {
        IndexPng mask = MaskFile.Read(folder, file, canvas);
        if (file.EndsWith("_instanceIds.png", StringComparison.Ordinal))
        {
            mask = mask with { Samples = Array.ConvertAll(mask.Samples, v => v >= 1000 ? (ushort)(v / 1000) : v) };
        }

        labels[file.EndsWith("_labelTrainIds.png", StringComparison.Ordinal) ? 1 : 0].Draw(mask, canvas, folder.Full(file));
    }

    private static string? Labels(LabelFolder folder) => !folder.HasFolder("leftImg8bit") ? null
        : new[] { "gtFine", "gtCoarse" }.FirstOrDefault(
            g => folder.Below(g).Any(f => s_endings.Any(e => f.EndsWith(e + ".png", StringComparison.Ordinal))));

    private static string Without(string name, string ending) =>
        name.EndsWith(ending, StringComparison.Ordinal) ? name[..^ending.Length] : name;
}
