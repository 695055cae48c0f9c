using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>
/// CamVid: SegNet's version (folders <c>train</c> and <c>trainannot</c>, numbers 0 for sky to 10, 11 unknown), or files of colours with
/// <c>label_colors.txt</c>, those of the original called <c>…_L.png</c>.
/// </summary>
internal sealed class CamVidLayout : LabelLayout
{
    private const string Colors = "label_colors.txt";

    private static readonly string[] s_names =
    [
        "sky", "building", "pole", "road", "pavement", "tree", "sign symbol", "fence", "car", "pedestrian", "bicyclist", "void",
    ];

    public override string Name => "camvid";

    public override string Summary => "CamVid, in SegNet's version or in colours";

    public override string Files => "train/ and trainannot/ (val, test); or label_colors.txt and *_L.png";

    internal override string? ImagesIn(LabelFolder folder) =>
        folder.Folders.Where(f => LabelFolder.FileName(f) is { Length: > 5 } name && name.EndsWith("annot", StringComparison.Ordinal))
            .ToArray() switch
            {
                [{ } only] => only[..^5],
                [{ } first, ..] => LabelFolder.FolderOf(first), // the folder holds train, val and test
                _ => "images",
            };

    internal override string? Recognise(LabelFolder folder) => Pairs(folder) is { Length: > 0 } pairs
        ? $"{folder.Full(pairs[0].Images)} and {LabelFolder.FileName(pairs[0].Masks)}" : null;

    internal override LabelSet Open(LabelFolder folder, LabelOptions options)
    {
        (string Images, string Masks)[] pairs = Pairs(folder);
        if (pairs.Length == 0)
        {
            throw new InputException($"{folder.Root}: expected folders train and trainannot, or {Colors} and masks *_L.png");
        }

        var remarks = new List<string>();
        string? list = List(folder);
        IReadOnlyList<ConceptLine> lines =
            list is null ? [.. s_names.Select((n, i) => new ConceptLine(i, n))] : ConceptList.Read(folder, list);
        (ConceptTable table, Dictionary<int, ushort>? colors) = ConceptList.Tabulate(lines, list ?? "SegNet's list", remarks);
        remarks.Add(list is null ? "the names are SegNet's 11: 0 is sky, 11 unknown; there is no label_colors.txt"
            : $"the names and colours are those of {list}; where masks hold numbers, they count its lines from 0");
        colors?.TryAdd(0, 0);
        var labels = new MaskLabels(table, colors, indexed: true);
        var items = new List<LabelItem>();
        foreach ((string images, string masks) in pairs)
        {
            items.AddRange(MaskPairs.Of(folder, images, masks, labels, remarks));
        }

        return new FolderLabelSet(Name, folder, table, items, remarks);
    }

    private static string? List(LabelFolder folder) => folder.Files.FirstOrDefault(f => LabelFolder.FileName(f) == Colors);

    private static (string Images, string Masks)[] Pairs(LabelFolder folder)
    {
        (string Images, string Masks)[] beside =
        [
            .. folder.Folders.Where(f => f.EndsWith("annot", StringComparison.Ordinal) && folder.HasFolder(f[..^5])
                && LabelFolder.FileName(f).Length > 5).Select(f => (f[..^5], f)),
        ];
        if (beside.Length > 0 || List(folder) is null)
        {
            return beside;
        }

        string[] masks = [.. folder.Folders.Where(f => folder.ByFolder[f].Any(
            m => Path.GetFileNameWithoutExtension(m).EndsWith("_L", StringComparison.Ordinal)))];
        string[] images = [.. folder.Folders.Where(f => !masks.Contains(f) && folder.ByFolder[f].Any(ImageFormat.HasExtension))];
        return masks.Length == 0 || images.Length == 0 ? [] : masks.Length == 1 && images.Length == 1 ? [(images[0], masks[0])]
            : [.. masks.Select(m => (images.FirstOrDefault(i => LabelFolder.FileName(i) == LabelFolder.FileName(m)) ?? images[0], m))];
    }
}
